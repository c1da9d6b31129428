package io.contree.store.oci;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.LayerWriter;
import io.contree.store.LayerWriter.Attributes;
import io.contree.store.LayerWriter.NodeType;
import io.contree.store.oci.limit.ByteBudget;
import io.contree.store.oci.limit.ImportControl;
import io.contree.store.oci.local.OwnData;
import io.contree.store.oci.tar.EntryTime;
import io.contree.store.stream.CountingStream;
import io.contree.store.stream.FdInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes a directory of this machine into a layer, as it is: ids, modes, times, xattrs, hard links, devices. Links are
 * never followed. What is mounted below it stays out: a mounted directory becomes an empty one, a mounted file is left
 * out. So are sockets, useless without their process. A tree that holds the server's own data is refused before that is
 * opened.
 */
final class DirectoryReader {
    private static final long WITHIN =
            FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_SYMLINKS | FileCalls.RESOLVE_NO_XDEV;

    private final LayerWriter layer;
    private final ByteBudget budget;
    private final ImportControl control;
    private final OwnData own;
    private final Map<OwnData.Inode, RawPath> linked = new HashMap<>();
    private final Deque<RawPath> directories = new ArrayDeque<>();
    private long bytes;

    DirectoryReader(LayerWriter layer, ByteBudget budget, ImportControl control, OwnData own) {
        this.layer = layer;
        this.budget = budget;
        this.control = control;
        this.own = own;
    }

    /**
     * Reads the whole tree; returns how many bytes its files have.
     *
     * @param directory a descriptor of its root; {@link FileCalls#PATH_ONLY} is enough
     */
    long read(Fd directory) throws IOException {
        int flags = FileCalls.READ | FileCalls.DIRECTORY;
        try (Fd fd = FileCalls.open(Fd.CWD, directory.procPath(), flags, 0, 0)) {
            layer.directory(RawPath.EMPTY, attributes(fd, "", RawPath.EMPTY, FileCalls.stat(fd, "")));
            directories.push(RawPath.EMPTY);
            while (!directories.isEmpty()) {
                RawPath path = directories.pop();
                // One descriptor at a time, opened from the root: a deep tree costs neither descriptors nor stack.
                Optional<Fd> opened = path.isEmpty() ? Optional.of(fd) : open(fd, path.raw(), flags);
                if (opened.isPresent()) {
                    try {
                        children(opened.get(), path);
                    } finally {
                        if (!path.isEmpty()) {
                            opened.get().close();
                        }
                    }
                }
            }
        }
        return bytes;
    }

    private static Optional<Fd> open(Fd root, String path, int flags) throws LinuxException {
        try {
            return Optional.of(FileCalls.open(root, path, flags, 0, WITHIN));
        } catch (LinuxException e) {
            if (e.errno() == Errno.EXDEV) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void children(Fd directory, RawPath path) throws IOException {
        List<FileCalls.Entry> entries = FileCalls.list(directory);
        for (FileCalls.Entry entry : entries.stream()
                .sorted(Comparator.comparing(FileCalls.Entry::name))
                .toList()) {
            control.check();
            budget.entry();
            child(directory, entry.name(), path.child(entry.name()));
        }
    }

    private void child(Fd directory, String name, RawPath path) throws IOException {
        Stat stat = FileCalls.stat(directory, name);
        own.check(stat, "\"" + path + "\" of the directory");
        if (stat.type() == Stat.SOCKET) {
            return;
        }
        if (stat.nlink() > 1 && !stat.isDirectory()) {
            RawPath first = linked.putIfAbsent(OwnData.Inode.of(stat), path);
            if (first != null) {
                layer.hardLink(path, first);
                return;
            }
        }
        switch (stat.type()) {
            case Stat.DIRECTORY -> {
                layer.directory(path, attributes(directory, name, path, stat));
                directories.push(path);
            }
            case Stat.REGULAR -> file(directory, name, path, stat);
            case Stat.SYMLINK ->
                layer.symlink(path, FileCalls.readLink(directory, name), attributes(directory, name, path, stat));
            case Stat.FIFO -> layer.node(path, NodeType.FIFO, 0, 0, attributes(directory, name, path, stat));
            case Stat.CHARACTER_DEVICE -> node(directory, name, path, stat, NodeType.CHARACTER_DEVICE);
            case Stat.BLOCK_DEVICE -> node(directory, name, path, stat, NodeType.BLOCK_DEVICE);
            default -> throw new IOException("the file " + path + " has an unknown type");
        }
    }

    private void node(Fd directory, String name, RawPath path, Stat stat, NodeType type) throws IOException {
        layer.node(path, type, stat.rdevMajor(), stat.rdevMinor(), attributes(directory, name, path, stat));
    }

    private void file(Fd directory, String name, RawPath path, Stat stat) throws IOException {
        Optional<Fd> fd = open(directory, name, FileCalls.READ | FileCalls.NO_FOLLOW);
        if (fd.isEmpty()) {
            return;
        }
        try (FdInputStream content = new FdInputStream(fd.get(), stat.size())) {
            budget.bytes(stat.size());
            bytes += stat.size();
            layer.file(
                    path,
                    attributes(directory, name, path, stat),
                    new CountingStream(content, read -> control.check()));
        }
    }

    private Attributes attributes(Fd directory, String name, RawPath path, Stat stat) throws LinuxException {
        return new Attributes(
                stat.mode(),
                stat.uid(),
                stat.gid(),
                EntryTime.of(stat).kept(path, control::warn),
                new TreeMap<>(FileCalls.xattrs(directory, name)));
    }
}
