package io.contree.sdk.nio;

import io.contree.sdk.Failing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory of this machine as an image, and what was asked of it. Links that lead out of it are not for it. */
final class LocalTree implements ImageTree {
    static final UUID IMAGE = UUID.fromString("11111111-1111-8111-8111-111111111111");

    private final Path root;
    private final boolean detailed;
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    LocalTree(Path root) {
        this(root, true);
    }

    /** @param detailed whether it says what only some servers say */
    LocalTree(Path root, boolean detailed) {
        this.root = root;
        this.detailed = detailed;
    }

    List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public URI server() {
        return URI.create("http://127.0.0.1:8642");
    }

    @Override
    public UUID image() {
        return IMAGE;
    }

    @Override
    public ListedDirectory list(String path) {
        requests.add("list " + path);
        Path directory = local(path);
        if (!Files.isDirectory(directory)) {
            throw Failing.invalid(path + " is no directory");
        }
        try (Stream<Path> children = Files.list(directory)) {
            List<ListedEntry> entries =
                    children.sorted().map(child -> entry(child, name(child))).toList();
            return new ListedDirectory(detailed ? entry(directory, ".") : null, entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Content open(String path) {
        requests.add("open " + path);
        try {
            Path file = local(path);
            if (Files.isDirectory(file)) {
                throw Failing.invalid(path + " is no regular file");
            }
            return new Content(Files.newInputStream(file), OptionalLong.of(Files.size(file)));
        } catch (FileSystemException e) { // absent, or behind links that lead in a circle
            throw Failing.notFound("the image has nothing at " + path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path local(String path) {
        return root.resolve("." + URLDecoder.decode(path, StandardCharsets.UTF_8));
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private ListedEntry entry(Path path, String name) {
        try {
            Map<String, Object> unix = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
            long nanos = ((FileTime) unix.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS);
            return new ListedEntry(
                    name,
                    (long) unix.get("size"),
                    String.valueOf(unix.get("owner")),
                    String.valueOf(unix.get("group")),
                    (int) unix.get("uid"),
                    (int) unix.get("gid"),
                    (int) unix.get("mode"),
                    Math.floorDiv(nanos, 1_000_000_000L),
                    (int) unix.get("nlink"),
                    Files.isSymbolicLink(path) ? Files.readSymbolicLink(path).toString() : "",
                    details(unix, nanos));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ListedEntry.@Nullable Details details(Map<String, Object> unix, long nanos) {
        return detailed
                ? new ListedEntry.Details(
                        (int) Math.floorMod(nanos, 1_000_000_000L), (long) unix.get("ino"), 0, 0, null, null)
                : null;
    }
}
