package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.testkit.SeededRandom;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What one run does: random changes, made both to a mounted checkout and to a {@link ModelState} that stands for it.
 * Names and contents are few, so that things come back, over each other and as something else.
 */
final class ModelChanges {
    private static final List<String> NAMES = List.of("a", "b", "a-b", "data", "\u00e9\u00ff", "x y", ".wh.a", "etc");
    private static final List<String> CONTENTS = List.of("", "aaa", "bbb", "x".repeat(5000));
    private static final List<Long> TIMES = List.of(0L, 1_000_000_000L, 1_700_000_000_123_456_789L);
    private static final List<Integer> MODES = List.of(0644, 0600, 04755, 02775, 0);
    private static final int MANY = 90;

    private final SeededRandom random;
    private final ModelState state;
    private final Fd top;

    private ModelChanges(SeededRandom random, ModelState state, Fd top) {
        this.random = random;
        this.state = state;
        this.top = top;
    }

    static void make(SeededRandom random, ModelState state, Path root, int number) throws Exception {
        try (Fd top = FileCalls.open(root, FileCalls.DIRECTORY)) {
            ModelChanges changes = new ModelChanges(random, state, top);
            for (int i = 0; i < number; i++) {
                changes.change();
            }
        }
        state.restoreMountPoints();
    }

    private void change() throws LinuxException {
        if (state.paths().size() > MANY && random.chance(60)) {
            remove(anything());
            return;
        }
        switch (random.between(0, 15)) {
            case 0, 1 -> replace(newPath(), anyNode());
            case 2, 3, 4 -> tree(newPath());
            case 5, 6, 7 -> remove(anything());
            case 8 -> overwrite(anything());
            case 9, 10 -> remake(random.pick(state.directories()));
            case 11 -> link(anything(), newPath());
            case 12 -> rename(anything(), newPath());
            case 13 -> attributes(anything());
            case 14 -> attribute(anything());
            default -> defaultAccess(random.pick(state.directories()));
        }
    }

    private String anything() {
        List<String> paths = state.paths();
        return paths.size() == 1 ? "" : paths.get(random.between(1, paths.size() - 1));
    }

    private static String join(String directory, String name) {
        return new RawPath(directory).child(name).raw();
    }

    private String newPath() {
        return join(random.pick(state.directories()), random.pick(NAMES));
    }

    private ModelState.Node anyNode() {
        ModelState.Node node = switch (random.between(0, 9)) {
            case 0 -> new ModelState.Node(Stat.SYMLINK | 0777);
            case 1 -> new ModelState.Node(Stat.FIFO | 0644);
            case 2 -> new ModelState.Node(Stat.CHARACTER_DEVICE | 0666);
            case 3 -> new ModelState.Node(Stat.BLOCK_DEVICE | 0660);
            case 4 -> new ModelState.Node(Stat.SOCKET | 0755);
            case 5, 6 -> ModelState.directory(0755);
            default -> ModelState.file(random.pick(CONTENTS));
        };
        switch (node.type()) {
            case Stat.SYMLINK -> node.target = random.pick(NAMES);
            case Stat.CHARACTER_DEVICE, Stat.BLOCK_DEVICE -> {
                node.major = 1;
                node.minor = random.between(3, 5);
            }
            case Stat.REGULAR -> node.mtimeNanos = random.pick(TIMES);
            default -> {}
        }
        return node;
    }

    private void create(String path, ModelState.Node node) throws LinuxException {
        switch (node.type()) {
            case Stat.DIRECTORY -> FileCalls.makeDirectory(top, path, 0700);
            case Stat.SYMLINK -> FileCalls.makeSymlink(node.target, top, path);
            case Stat.REGULAR -> write(path, node.content, FileCalls.CREATE | FileCalls.EXCLUSIVE);
            default -> FileCalls.makeNode(top, path, node.mode, node.major, node.minor);
        }
        EntryAttributes.apply(node.entry(path), top, path);
        state.put(path, node);
    }

    private void write(String path, String content, int flags) throws LinuxException {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        try (Fd file = FileCalls.open(
                top, path, FileCalls.WRITE | FileCalls.NO_FOLLOW | flags, 0600, FileCalls.RESOLVE_BENEATH)) {
            FileCalls.write(file, bytes, 0, bytes.length, 0);
        }
    }

    private void remove(String path) throws LinuxException {
        if (!path.isEmpty()) {
            FileCalls.removeTree(top, path);
            state.remove(path);
        }
    }

    private void replace(String path, ModelState.Node node) throws LinuxException {
        if (state.has(path)) {
            remove(path);
        }
        create(path, node);
    }

    /** A directory with something in it. */
    private void tree(String path) throws LinuxException {
        if (!state.has(path)) {
            create(path, ModelState.directory(0755));
        }
        for (int i = random.between(1, 4); i > 0 && state.at(path).isDirectory(); i--) {
            replace(join(path, random.pick(NAMES)), anyNode());
        }
    }

    private void overwrite(String path) throws LinuxException {
        if (state.at(path).type() != Stat.REGULAR) {
            return;
        }
        ModelState.Node file = state.at(path);
        file.content = random.pick(CONTENTS);
        file.mtimeNanos = random.pick(TIMES);
        write(path, file.content, FileCalls.TRUNCATE);
        EntryAttributes.apply(file.entry(path), top, path);
    }

    /** Removes a directory and makes it again, with the same or other attributes and some, or none, of its content. */
    private void remake(String path) throws LinuxException {
        if (path.isEmpty()) {
            return;
        }
        ModelState.Node directory = state.at(path).copy();
        if (random.chance(30)) {
            directory.mode ^= 022;
        }
        List<String> kept = new ArrayList<>();
        List<ModelState.Node> nodes = new ArrayList<>();
        for (String name : state.children(path)) {
            if (random.chance(40)) {
                kept.add(join(path, name));
                nodes.add(state.at(kept.getLast()).copy());
            }
        }
        remove(path);
        create(path, directory);
        for (int i = 0; i < kept.size(); i++) {
            create(kept.get(i), nodes.get(i));
        }
    }

    private void link(String from, String to) throws LinuxException {
        if (state.at(from).isDirectory() || state.has(to)) {
            return;
        }
        FileCalls.link(top, from, top, to);
        state.put(to, state.at(from));
    }

    private void rename(String from, String to) throws LinuxException {
        ModelState.Node node = state.at(from);
        if (from.isEmpty() || (state.has(to) && state.at(to) == node)) {
            return;
        }
        boolean directory = node.isDirectory() || (state.has(to) && state.at(to).isDirectory());
        if (directory && (state.has(to) || to.startsWith(from + "/"))) {
            return;
        }
        FileCalls.rename(top, from, top, to, true);
        for (String path : state.paths()) {
            if (path.equals(from) || path.startsWith(from + "/")) {
                state.put(to + path.substring(from.length()), state.at(path));
            }
        }
        state.remove(from);
    }

    private void attributes(String path) throws LinuxException {
        ModelState.Node node = state.at(path);
        node.uid = random.between(0, 1);
        node.gid = random.between(0, 1);
        if (node.type() != Stat.SYMLINK) {
            node.mode = node.type() | random.pick(MODES);
        }
        EntryAttributes.apply(node.entry(path), top, path);
    }

    private void attribute(String path) throws LinuxException {
        ModelState.Node node = state.at(path);
        boolean user = node.isDirectory() || node.type() == Stat.REGULAR;
        String name = user && random.chance(50) ? "user.x" : "trusted.x";
        node.xattrs = new TreeMap<>(node.xattrs);
        if (node.xattrs.remove(name) == null) {
            node.xattrs.put(name, random.chance(50) ? "\u0000\u00ff" : "one");
        }
        EntryAttributes.apply(node.entry(path), top, path);
    }

    /** A default access list, which whatever is made in the directory afterwards would inherit. */
    private void defaultAccess(String path) throws LinuxException {
        ModelState.Node node = state.at(path);
        if (node.xattrs.remove("system.posix_acl_default") == null) {
            node.xattrs.put(
                    "system.posix_acl_default", RawPath.of(defaultAccessList()).raw());
        }
        EntryAttributes.apply(node.entry(path), top, path);
    }

    /** linux/posix_acl_xattr.h: {@code u::rwx,u:7:rwx,g::r-x,m::rwx,o::r-x}. */
    private static byte[] defaultAccessList() {
        ByteBuffer list = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN);
        list.putInt(2);
        list.putShort((short) 0x01).putShort((short) 7).putInt(-1);
        list.putShort((short) 0x02).putShort((short) 7).putInt(7);
        list.putShort((short) 0x04).putShort((short) 5).putInt(-1);
        list.putShort((short) 0x10).putShort((short) 7).putInt(-1);
        list.putShort((short) 0x20).putShort((short) 5).putInt(-1);
        return list.array();
    }
}
