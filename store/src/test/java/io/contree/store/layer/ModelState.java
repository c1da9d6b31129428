package io.contree.store.layer;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.Digest;
import io.contree.store.manifest.MergedEntry;
import io.contree.store.overlay.StoreFixture;
import io.contree.store.state.ImageKey;
import io.contree.store.state.StateDelta;
import io.contree.store.state.StateSums;
import io.contree.store.state.TreeEntry;
import io.contree.testkit.TreeSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** A state as a plain map of what is at each path: no layers, no kernel. The names of one file share a node. */
final class ModelState {
    private final SortedMap<String, Node> nodes = new TreeMap<>();

    /** One file. */
    static final class Node {
        int mode;
        int uid;
        int gid;
        long mtimeNanos;
        String content = "";
        String target = "";
        int major;
        int minor;
        SortedMap<String, String> xattrs = new TreeMap<>();

        Node(int mode) {
            this.mode = mode;
        }

        int type() {
            return mode & Stat.TYPE_MASK;
        }

        boolean isDirectory() {
            return type() == Stat.DIRECTORY;
        }

        Node copy() {
            Node copy = new Node(mode);
            copy.uid = uid;
            copy.gid = gid;
            copy.mtimeNanos = mtimeNanos;
            copy.content = content;
            copy.target = target;
            copy.major = major;
            copy.minor = minor;
            copy.xattrs = new TreeMap<>(xattrs);
            return copy;
        }

        TreeEntry entry(String path) {
            boolean regular = type() == Stat.REGULAR;
            byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
            Optional<Digest> hash = regular ? Optional.of(Digest.ofContent(bytes)) : Optional.empty();
            long size = regular ? bytes.length : 0;
            RawPath raw = new RawPath(path);
            RawPath to = new RawPath(target);
            return new TreeEntry(raw, mode, false, uid, gid, mtimeNanos, size, hash, to, 0, major, minor, xattrs);
        }
    }

    /** What {@link StoreFixture#base} makes. */
    static ModelState base() {
        ModelState state = new ModelState();
        state.put("", directory(0755));
        state.restoreMountPoints();
        state.put("tmp", directory(01777));
        state.put("data", directory(0755));
        state.put("data/sub", directory(0755));
        state.put("etc/passwd", file("root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/:/bin/false\n"));
        state.put("etc/group", file("root:x:0:\nstaff:x:50:\n"));
        state.put("data/a", file("aaa"));
        state.put("data/b", file("bbb"));
        state.put("data/sub/c", file("ccc"));
        state.put("data/linked", state.at("data/a"));
        Node link = new Node(Stat.SYMLINK | 0777);
        link.target = "data/a";
        state.put("link", link);
        return state;
    }

    static Node directory(int permissions) {
        return new Node(Stat.DIRECTORY | permissions);
    }

    static Node file(String content) {
        Node file = new Node(Stat.REGULAR | 0644);
        file.content = content;
        file.mtimeNanos = 1_000_000_000L;
        return file;
    }

    /** An equal state that may change by itself. */
    ModelState branch() {
        ModelState branch = new ModelState();
        IdentityHashMap<Node, Node> copies = new IdentityHashMap<>();
        nodes.forEach((path, node) -> branch.put(path, copies.computeIfAbsent(node, Node::copy)));
        return branch;
    }

    void put(String path, Node node) {
        nodes.put(path, node);
    }

    boolean has(String path) {
        return nodes.containsKey(path);
    }

    Node at(String path) {
        return Optional.ofNullable(nodes.get(path)).orElseThrow();
    }

    List<String> paths() {
        return List.copyOf(nodes.keySet());
    }

    List<String> directories() {
        return nodes.keySet().stream().filter(path -> at(path).isDirectory()).toList();
    }

    /** The names in a directory. */
    List<String> children(String directory) {
        return nodes.keySet().stream()
                .filter(path ->
                        !path.isEmpty() && new RawPath(path).parent().raw().equals(directory))
                .map(path -> new RawPath(path).name())
                .toList();
    }

    /** All names of a file. */
    List<String> names(Node node) {
        List<String> names = new ArrayList<>();
        nodes.forEach((path, other) -> {
            if (other == node) {
                names.add(path);
            }
        });
        return names;
    }

    void remove(String path) {
        nodes.keySet().removeIf(other -> other.equals(path) || other.startsWith(path + "/"));
    }

    /** What a commit does: mount points whose directory is there do not go away. */
    void restoreMountPoints() {
        for (String point : List.of("dev", "etc", "proc", "sys")) {
            nodes.computeIfAbsent(point, absent -> directory(0755));
        }
        if (at("etc").isDirectory()) {
            for (String point : List.of("etc/hostname", "etc/hosts", "etc/resolv.conf")) {
                nodes.computeIfAbsent(point, absent -> new Node(Stat.REGULAR | 0644));
            }
        }
    }

    /** The sums by the definition of identity: one entry after the other. */
    StateSums sums() {
        StateDelta delta = new StateDelta();
        nodes.forEach((path, node) -> {
            List<RawPath> names = (node.isDirectory() ? List.of(path) : names(node))
                    .stream().map(RawPath::new).sorted().toList();
            delta.add(node.entry(path), MergedEntry.linkOf(names));
        });
        return delta.sums();
    }

    UUID uuid() {
        return ImageKey.of(sums().state(), new TreeMap<>(), "").uuid();
    }

    /** All that is part of the state, a line for each path. */
    SortedMap<String, String> lines() {
        SortedMap<String, String> lines = new TreeMap<>();
        nodes.forEach((path, node) -> {
            List<String> names = node.isDirectory() ? List.of(path) : names(node);
            boolean device = node.type() == Stat.CHARACTER_DEVICE || node.type() == Stat.BLOCK_DEVICE;
            SortedMap<String, String> xattrs = new TreeMap<>();
            node.xattrs.forEach((name, value) -> xattrs.put(name, HexFormat.of().formatHex(RawPath.bytes(value))));
            lines.put(
                    path,
                    line(
                            node.mode,
                            node.uid + ":" + node.gid,
                            node.mtimeNanos,
                            node.type() == Stat.REGULAR
                                    ? Digest.ofContent(node.content.getBytes(StandardCharsets.ISO_8859_1))
                                            .hex()
                                    : node.target,
                            names.size() < 2 ? "" : names.getFirst(),
                            device ? node.major + ":" + node.minor : "",
                            xattrs));
        });
        return lines;
    }

    /** The same lines for a tree on disk. */
    static SortedMap<String, String> lines(TreeSnapshot tree) {
        SortedMap<String, String> lines = new TreeMap<>();
        tree.entries()
                .forEach((path, entry) -> lines.put(
                        path,
                        line(
                                entry.mode(),
                                entry.uid() + ":" + entry.gid(),
                                entry.mtimeNanos(),
                                entry.content(),
                                entry.linkGroup(),
                                entry.device(),
                                new TreeMap<>(entry.xattrs()))));
        return lines;
    }

    private static String line(
            int mode,
            String owner,
            long mtimeNanos,
            String content,
            String link,
            String device,
            SortedMap<String, String> xattrs) {
        boolean regular = (mode & Stat.TYPE_MASK) == Stat.REGULAR;
        String time = regular ? Long.toString(mtimeNanos) : "-";
        return "%o %s %s %s device=%s %s link=%s".formatted(mode, owner, time, content, device, xattrs, link);
    }
}
