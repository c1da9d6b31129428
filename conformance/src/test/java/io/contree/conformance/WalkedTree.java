package io.contree.conformance;

import io.contree.testkit.SnapshotEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What a walk over a file system finds, in the form that the test kit has for trees on disk; without xattrs. */
final class WalkedTree extends SimpleFileVisitor<Path> {
    private final Map<String, SnapshotEntry> entries = new TreeMap<>();
    private final Map<Object, List<String>> namesOfFile = new TreeMap<>();
    private final boolean withContent;

    private WalkedTree(boolean withContent) {
        this.withContent = withContent;
    }

    /** @param withContent whether files are read too */
    static Map<String, SnapshotEntry> of(FileSystem files, boolean withContent) throws IOException {
        WalkedTree tree = new WalkedTree(withContent);
        Files.walkFileTree(files.getPath("/"), tree);
        tree.namesOfFile.values().stream()
                .filter(names -> names.size() > 1)
                .forEach(names -> names.forEach(name -> tree.entries.computeIfPresent(
                        name,
                        (key, entry) ->
                                entry.inGroup(names.stream().sorted().toList().getFirst()))));
        return tree.entries;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
        return visitFile(path, attributes);
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
        Map<String, Object> unix = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
        String raw = raw(path).substring(1);
        if ((int) unix.get("nlink") > 1 && !attributes.isDirectory()) {
            namesOfFile
                    .computeIfAbsent(unix.get("ino"), inode -> new ArrayList<>())
                    .add(raw);
        }
        boolean device = ((int) unix.get("mode") & 0120000) == 0020000 && attributes.isOther();
        entries.put(
                raw,
                new SnapshotEntry(
                        (int) unix.get("mode"),
                        (int) unix.get("uid"),
                        (int) unix.get("gid"),
                        attributes.isDirectory()
                                ? 0
                                : ((FileTime) unix.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS),
                        attributes.isRegularFile() ? attributes.size() : 0,
                        content(path, attributes),
                        "",
                        device ? device((long) unix.get("rdev")) : "",
                        Map.of()));
        return FileVisitResult.CONTINUE;
    }

    private String content(Path path, BasicFileAttributes attributes) throws IOException {
        if (attributes.isSymbolicLink()) {
            // Not from the path, which has no slash at its end.
            return raw(path.getFileSystem().getPath("/").resolve(Files.readSymbolicLink(path)))
                    .substring(Files.readSymbolicLink(path).isAbsolute() ? 0 : 1);
        }
        return withContent && attributes.isRegularFile() ? sha256(path) : "";
    }

    private static String sha256(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(in.readAllBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The bytes of a path, one per char, by way of its URI. */
    private static String raw(Path path) {
        String encoded = path.toUri().getRawPath();
        StringBuilder raw = new StringBuilder();
        for (int at = encoded.indexOf('!') + 1; at < encoded.length(); at++) {
            if (encoded.charAt(at) == '%') {
                raw.append((char) Integer.parseInt(encoded.substring(at + 1, at + 3), 16));
                at += 2;
            } else {
                raw.append(encoded.charAt(at));
            }
        }
        return raw.toString();
    }

    private static String device(long rdev) {
        return ((rdev >> 8) & 0xFFF) + ":" + ((rdev & 0xFF) | ((rdev >> 12) & 0xFFF00));
    }

    /** An entry of a tree on disk, with no more than a walk finds. */
    static SnapshotEntry comparable(SnapshotEntry entry, boolean withContent) {
        boolean regular = (entry.mode() & 0170000) == 0100000;
        return new SnapshotEntry(
                entry.mode(),
                entry.uid(),
                entry.gid(),
                entry.mtimeNanos(),
                entry.size(),
                withContent || !regular ? entry.content() : "",
                entry.linkGroup(),
                entry.device(),
                Map.of());
    }
}
