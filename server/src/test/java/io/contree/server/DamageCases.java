package io.contree.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.LtHash;
import io.contree.store.manifest.LayerSums;
import io.contree.store.state.StateSums;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Every way in which what a server left on disk is damaged, and what is then to be found and met. */
final class DamageCases {
    private DamageCases() {}

    /** A change on disk. */
    interface Damage {
        void to(SoundData data) throws Exception;
    }

    /** What becomes of a reader who meets the damage. */
    enum Reader {
        /** The image is refused, by its name. */
        REFUSED,
        /** All is shown as it was: what is damaged only saves time, or is not needed to look. */
        SERVED,
        /** Nobody notices by looking. */
        UNAWARE
    }

    /** @param tags that are named as affected */
    record Case(
            String name, String kind, String subject, String path, List<String> tags, Reader reader, Damage damage) {}

    static Case layer(String name, String kind, String path, Reader reader, Damage damage) {
        return new Case(name, kind, "layer", path, List.of("default/first:1", "default/second:1"), reader, damage);
    }

    private static Case entry(String name, String kind, String path, Damage damage) {
        return layer(name, kind, path, Reader.UNAWARE, damage);
    }

    private static Case top(String name, String kind, String path, Damage damage) {
        return new Case(name, kind, "layer", path, List.of("default/second:1"), Reader.UNAWARE, damage);
    }

    private static Case content(String name, Reader reader, Damage damage) {
        return layer(name, "content", "d/large", reader, damage);
    }

    static Case upload(String name, Damage damage) {
        return new Case(name, "upload", "upload", "", List.of(), Reader.REFUSED, damage);
    }

    static Case log(String name, Damage damage) {
        return new Case(name, "log", "operation", "", List.of("default/first:1"), Reader.SERVED, damage);
    }

    /** What cannot be made good from what is there. */
    static final Set<String> LEFT = Set.of(
            "a layer is missing",
            "a tree is missing",
            "a manifest is missing",
            "a byte of a record below is flipped",
            "a byte of a record is flipped",
            "a byte of a table is flipped",
            "a byte of the digest is flipped",
            "a manifest is cut",
            "a manifest is empty",
            "a byte of a file is flipped",
            "a file is cut",
            "a file is empty",
            "a file is missing",
            "a directory is missing",
            "a byte of a shared content is flipped",
            "a shared content is cut",
            "a layer's own link to a content is missing",
            "a variable of an image is another",
            "a content sum is another",
            "a stack names an unknown layer",
            "a stack lacks a layer",
            "a record cannot be read",
            "a tag leads nowhere");

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(List.of(
                layer(
                        "a layer is missing",
                        "layer",
                        "",
                        Reader.REFUSED,
                        data -> remove(data.layer(data.first()).directory())),
                layer(
                        "a tree is missing",
                        "missing",
                        "",
                        Reader.REFUSED,
                        data -> remove(data.layer(data.first()).tree())),
                layer("a manifest is missing", "manifest", "", Reader.REFUSED, data -> remove(manifest(data))),
                layer(
                        "a byte of a record below is flipped",
                        "manifest",
                        "",
                        Reader.SERVED,
                        data -> flip(manifest(data), 60)),
                new Case(
                        "a byte of a record is flipped",
                        "manifest",
                        "layer",
                        "",
                        List.of("default/second:1"),
                        Reader.REFUSED,
                        data -> flip(data.layer(data.second()).manifest(), 60)),
                layer(
                        "a byte of a table is flipped",
                        "manifest",
                        "",
                        Reader.REFUSED,
                        data -> flip(manifest(data), -120)),
                layer(
                        "a byte of the digest is flipped",
                        "manifest",
                        "",
                        Reader.SERVED,
                        data -> flip(manifest(data), -1)),
                layer("a manifest is cut", "manifest", "", Reader.REFUSED, data -> cut(manifest(data))),
                layer(
                        "a manifest is empty",
                        "manifest",
                        "",
                        Reader.REFUSED,
                        data -> Files.write(manifest(data), new byte[0])),
                layer("sums are flipped", "sums", "", Reader.SERVED, data -> flip(sums(data), 100)),
                layer("sums are cut", "sums", "", Reader.SERVED, data -> cut(sums(data))),
                new Case(
                        "sums are others",
                        "sums",
                        "layer",
                        "",
                        List.of("default/first:1"),
                        Reader.SERVED,
                        DamageCases::otherSums)));
        cases.addAll(List.of(
                entry(
                        "a byte of a file is flipped",
                        "content",
                        "d/sub/deep/file",
                        data -> flip(tree(data, "d/sub/deep/file"), 1)),
                entry("a file is cut", "changed", "d/sub/deep/file", data -> cut(tree(data, "d/sub/deep/file"))),
                entry("a file is empty", "changed", "d/sub/deep/file", data -> truncate(tree(data, "d/sub/deep/file"))),
                entry("a file is missing", "missing", "d/sub/deep/file", data -> remove(tree(data, "d/sub/deep/file"))),
                entry(
                        "a mode is another",
                        "changed",
                        "d/sub/deep/file",
                        data -> mode(tree(data, "d/sub/deep/file"), 0777)),
                entry("a directory's mode is another", "changed", "d/sub", data -> mode(tree(data, "d/sub"), 0700)),
                entry(
                        "an owner is another",
                        "changed",
                        "d/sub/deep/file",
                        data -> owner(tree(data, "d/sub/deep/file"))),
                entry(
                        "a time is another",
                        "changed",
                        "d/sub/deep/file",
                        data -> Files.setLastModifiedTime(tree(data, "d/sub/deep/file"), FileTime.fromMillis(1))),
                entry("a link leads elsewhere", "changed", "d/link", DamageCases::otherTarget),
                entry("a directory is missing", "missing", "d/sub", data -> remove(tree(data, "d/sub"))),
                entry(
                        "a file is there too much",
                        "extra",
                        "d/extra",
                        data -> Files.writeString(tree(data, "d/extra"), "x")),
                entry(
                        "an attribute is there too much",
                        "changed",
                        "d/sub/deep/file",
                        data -> attribute(tree(data, "d/sub/deep/file"), "user.x", "y")),
                entry(
                        "a directory hides what is below",
                        "changed",
                        "d",
                        data -> attribute(tree(data, "d"), "trusted.overlay.opaque", "y")),
                entry(
                        "a directory refers elsewhere",
                        "changed",
                        "d/sub",
                        data -> attribute(tree(data, "d/sub"), "trusted.overlay.redirect", "/etc")),
                entry("a hard link is broken", "changed", "d/linked", DamageCases::breakLink),
                entry("a FIFO became a file", "changed", "d/pipe", DamageCases::otherType),
                top(
                        "a whiteout is missing",
                        "missing",
                        "d/link",
                        data -> remove(data.layer(data.second()).tree().resolve("d/link"))),
                top("a whiteout became a file", "changed", "d/link", DamageCases::whiteoutToFile),
                top("a directory hides no more", "changed", "d/sub", DamageCases::removeOpaque)));
        cases.addAll(List.of(
                content("a shared content is missing", Reader.REFUSED, data -> remove(data.content())),
                content(
                        "a byte of a shared content is flipped",
                        Reader.UNAWARE,
                        data -> flip(data.content(), 9_000_000)),
                content("a shared content is cut", Reader.UNAWARE, data -> cut(data.content())),
                content(
                        "a layer's own link to a content is missing",
                        Reader.REFUSED,
                        data -> remove(data.layer(data.first()).contents())),
                upload("an upload is missing", data -> remove(data.upload(data.upload()))),
                upload("an upload is cut", data -> cut(data.upload(data.upload()))),
                upload("a byte of an upload is flipped", data -> flip(data.upload(data.upload()), 3)),
                log("a log is missing", data -> remove(data.log())),
                log("a log is cut", data -> cut(data.log())),
                log("a byte of a log is flipped", data -> replace(data.log(), "made", "mzde")),
                log("a line of a log is no event", data -> replace(data.log(), "\"spid\"", "\"spid")),
                log("a line of a log is missing", DamageCases::dropLine)));
        cases.addAll(List.of(
                new Case(
                        "a variable of an image is another",
                        "image",
                        "image",
                        "",
                        List.of("default/second:1"),
                        Reader.SERVED,
                        data -> sql(data, "update image set cwd = '/x' where uuid = '" + data.second() + "'")),
                new Case(
                        "a content sum is another",
                        "state",
                        "image",
                        "",
                        List.of("default/second:1"),
                        Reader.SERVED,
                        data -> sql(
                                data,
                                "update image set content = (select content from image where uuid = '" + data.base()
                                        + "') where uuid = '" + data.second() + "'")),
                new Case(
                        "a stack names an unknown layer",
                        "layer",
                        "layer",
                        "",
                        List.of("default/second:1"),
                        Reader.REFUSED,
                        data -> sql(
                                data,
                                "update image set layers = layers || ' " + UUID.randomUUID() + "' where uuid = '"
                                        + data.second() + "'")),
                new Case(
                        "a stack lacks a layer",
                        "state",
                        "image",
                        "",
                        List.of("default/first:1"),
                        Reader.UNAWARE,
                        DamageCases::shorten),
                new Case(
                        "a record cannot be read",
                        "image",
                        "image",
                        "",
                        List.of("default/second:1"),
                        Reader.UNAWARE,
                        data -> sql(data, "update image set state = x'00' where uuid = '" + data.second() + "'")),
                new Case(
                        "a tag leads nowhere",
                        "catalog",
                        "catalog",
                        "",
                        List.of(),
                        Reader.SERVED,
                        data -> sql(
                                data, "update tag set image = '" + UUID.randomUUID() + "' where name = 'base:1'"))));
        return cases;
    }

    private static Path manifest(SoundData data) {
        return data.layer(data.first()).manifest();
    }

    private static Path sums(SoundData data) {
        return data.layer(data.first()).sums();
    }

    static Path tree(SoundData data, String path) {
        return data.layer(data.first()).tree().resolve(path);
    }

    static void remove(Path path) throws IOException {
        FileCalls.removeTree(path);
    }

    /** As a disk does it, so that no time changes; {@code at} is from the end if negative. */
    static void flip(Path file, long at) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long position = at < 0 ? bytes.length() + at : at;
            bytes.seek(position);
            int was = bytes.read();
            bytes.seek(position);
            bytes.write(was ^ 0x10);
        }
        Files.setLastModifiedTime(file, time);
    }

    private static void cut(Path file) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(bytes.length() / 2);
        }
        Files.setLastModifiedTime(file, time);
    }

    private static void truncate(Path file) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Files.write(file, new byte[0]);
        Files.setLastModifiedTime(file, time);
    }

    static void replace(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replaceFirst(from, to));
    }

    private static void dropLine(SoundData data) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(data.log()));
        lines.remove(2);
        Files.writeString(data.log(), String.join("\n", lines) + "\n");
    }

    private static void mode(Path path, int mode) throws IOException {
        FileCalls.chmod(Fd.CWD, RawPath.of(path).raw(), mode);
    }

    private static void owner(Path path) throws IOException {
        FileCalls.chown(Fd.CWD, RawPath.of(path).raw(), 7, 7);
        mode(path, Integer.parseInt("644", 8));
    }

    private static void attribute(Path path, String name, String value) throws IOException {
        FileCalls.setXattr(Fd.CWD, RawPath.of(path).raw(), name, value.getBytes(UTF_8));
    }

    private static void otherTarget(SoundData data) throws IOException {
        Path link = tree(data, "d/link");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("elsewhere"));
    }

    private static void breakLink(SoundData data) throws Exception {
        Path linked = tree(data, "d/linked");
        Path copy = linked.resolveSibling("copy");
        assertThat(new ProcessBuilder("cp", "-a", linked.toString(), copy.toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.move(copy, linked, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static void otherType(SoundData data) throws IOException {
        Path pipe = tree(data, "d/pipe");
        Files.delete(pipe);
        Files.writeString(pipe, "");
    }

    private static void whiteoutToFile(SoundData data) throws IOException {
        Path whiteout = data.layer(data.second()).tree().resolve("d/link");
        assertThat(FileCalls.stat(Fd.CWD, RawPath.of(whiteout).raw())).matches(Stat::isWhiteout);
        Files.delete(whiteout);
        Files.writeString(whiteout, "");
    }

    private static void removeOpaque(SoundData data) throws IOException {
        Path hiding = data.layer(data.second()).tree().resolve("d/sub");
        FileCalls.removeXattr(Fd.CWD, RawPath.of(hiding).raw(), "trusted.overlay.opaque");
    }

    private static void otherSums(SoundData data) throws IOException {
        LtHash other = data.record(data.base()).state();
        new LayerSums(data.record(data.first()).layers(), new StateSums(other, other)).write(sums(data));
    }

    /** Gives an image the stack of the one that it was made on. */
    private static void shorten(SoundData data) throws Exception {
        sql(
                data,
                "update image set layers = (select layers from image where uuid = '" + data.base() + "') where uuid = '"
                        + data.first() + "'");
    }

    private static void sql(SoundData data, String update) throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + data.layout().catalog());
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(update)).isEqualTo(1);
        }
    }
}
