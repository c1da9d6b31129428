package io.contree.store.archive;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.disk.Layout;
import io.contree.store.state.StateXattrs;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes a part of a view, or a directory on this machine, as an archive. Memory grows only with the names of
 * hard-linked files and of the directories on the way to an entry.
 */
public final class ViewArchive {
    private static final int BUFFER = 1 << 17;

    private static final long WITHIN = FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_SYMLINKS;

    private final PaxWriter out;
    private final long resolve;
    private final boolean sparse;
    private final Map<Inode, String> linked = new HashMap<>();
    private final byte[] buffer = new byte[BUFFER];

    private record Inode(long device, long number) {}

    public ViewArchive(PaxWriter out) {
        this(out, WITHIN, true);
    }

    private ViewArchive(PaxWriter out, long resolve, boolean sparse) {
        this.out = out;
        this.resolve = resolve;
        this.sparse = sparse;
    }

    /**
     * For a directory on this machine: what is mounted below it stays out, except for an empty directory in its place.
     *
     * @param sparse whether holes may be left out, which not every reader understands
     */
    static ViewArchive ofMachine(PaxWriter out, boolean sparse) {
        return new ViewArchive(out, WITHIN | FileCalls.RESOLVE_NO_XDEV, sparse);
    }

    /** @param path names the single entry of anything but a directory */
    public void write(Fd found, RawPath path) throws IOException {
        Stat stat = FileCalls.stat(found, "");
        if (stat.isDirectory()) {
            int flags = FileCalls.READ | FileCalls.DIRECTORY;
            try (Fd top = FileCalls.open(Fd.CWD, found.procPath(), flags, 0, 0)) {
                directory("./", stat, FileCalls.xattrs(top, ""));
                tree(top);
            }
        } else {
            entry(Fd.CWD, found.procPath(), path.name(), stat, FileCalls.xattrs(found, ""));
        }
        out.finish();
    }

    /** Depth first: readers set the time of a directory once they meet an entry that is not below it. */
    private void tree(Fd top) throws IOException {
        Deque<Open> pending = new ArrayDeque<>();
        open(top, RawPath.EMPTY).ifPresent(pending::push);
        while (!pending.isEmpty()) {
            Open current = pending.element();
            if (!current.names().hasNext()) {
                pending.pop();
                continue;
            }
            String name = current.names().next();
            RawPath child = current.path().child(name);
            boolean below;
            try (Fd directory = directory(top, current.path())) {
                below = child(directory, name, child);
            }
            if (below) {
                open(top, child).ifPresent(pending::push);
            }
        }
    }

    /** A directory on the way, and which of its names are still to come. */
    private record Open(RawPath path, Iterator<String> names) {}

    /** Empty for a mount point that stays out. */
    private Optional<Open> open(Fd top, RawPath path) throws IOException {
        try (Fd directory = directory(top, path)) {
            List<String> names = FileCalls.list(directory).stream()
                    .map(FileCalls.Entry::name)
                    .sorted()
                    .toList();
            if (stopsAtMounts()) {
                Layout.requireNoServerData(names, path);
            }
            return Optional.of(new Open(path, names.iterator()));
        } catch (LinuxException e) {
            if (isMounted(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private boolean stopsAtMounts() {
        return (resolve & FileCalls.RESOLVE_NO_XDEV) != 0;
    }

    private boolean isMounted(LinuxException e) {
        return stopsAtMounts() && e.errno() == Errno.EXDEV;
    }

    /** Writes an entry; true if it is a directory. */
    private boolean child(Fd directory, String name, RawPath path) throws IOException {
        Stat stat = FileCalls.stat(directory, name);
        Map<String, byte[]> xattrs = FileCalls.xattrs(directory, name);
        if (stat.isDirectory()) {
            directory(path.raw() + "/", stat, xattrs);
            return true;
        }
        entry(directory, name, path.raw(), stat, xattrs);
        return false;
    }

    private Fd directory(Fd top, RawPath path) throws LinuxException {
        return FileCalls.open(
                top,
                path.isEmpty() ? "." : path.raw(),
                FileCalls.READ | FileCalls.DIRECTORY | FileCalls.NO_FOLLOW,
                0,
                resolve);
    }

    private void directory(String name, Stat stat, Map<String, byte[]> xattrs) throws IOException {
        out.header(header(name, '5', stat, 0, ""), extended(xattrs));
    }

    private void entry(Fd directory, String file, String name, Stat stat, Map<String, byte[]> xattrs)
            throws IOException {
        if (stat.type() == Stat.SOCKET) {
            // No archive format has sockets: nothing listens on them in an image.
            return;
        }
        if (stat.nlink() > 1) {
            String first = linked.putIfAbsent(new Inode(stat.device(), stat.inode()), name);
            if (first != null) {
                out.header(header(name, '1', stat, 0, first), Collections.emptySortedMap());
                return;
            }
        }
        switch (stat.type()) {
            case Stat.REGULAR -> regular(directory, file, name, stat, xattrs);
            case Stat.SYMLINK -> {
                String target = FileCalls.readLink(directory, file).raw();
                out.header(header(name, '2', stat, 0, target), extended(xattrs));
            }
            case Stat.CHARACTER_DEVICE -> out.header(header(name, '3', stat, 0, ""), extended(xattrs));
            case Stat.BLOCK_DEVICE -> out.header(header(name, '4', stat, 0, ""), extended(xattrs));
            default -> out.header(header(name, '6', stat, 0, ""), extended(xattrs));
        }
    }

    private void regular(Fd directory, String name, String archived, Stat stat, Map<String, byte[]> xattrs)
            throws IOException {
        long within = stopsAtMounts() ? resolve : 0;
        try (Fd file = FileCalls.open(directory, name, FileCalls.READ, 0, within)) {
            SparseMap map = SparseMap.of(file, stat.size());
            if (sparse && map.isSparse()) {
                sparse(file, archived, stat, extended(xattrs), map);
                return;
            }
            out.header(header(archived, '0', stat, stat.size(), ""), extended(xattrs));
            copy(file, 0, stat.size());
            out.pad(stat.size());
        } catch (LinuxException e) {
            if (!isMounted(e)) {
                throw e;
            }
        }
    }

    /** GNU's format 1.0 for sparse files in pax archives: the map is in front of the data. */
    private void sparse(Fd file, String name, Stat stat, SortedMap<String, String> extended, SparseMap map)
            throws IOException {
        byte[] encoded = map.encoded();
        long stored = encoded.length + map.dataSize();
        extended.put("GNU.sparse.major", "1");
        extended.put("GNU.sparse.minor", "0");
        extended.put("GNU.sparse.name", name);
        extended.put("GNU.sparse.realsize", Long.toString(stat.size()));
        String directory = name.contains("/") ? name.substring(0, name.lastIndexOf('/') + 1) : "";
        String base = name.substring(directory.length());
        out.header(header(directory + "GNUSparseFile.0/" + base, '0', stat, stored, ""), extended);
        out.content(encoded, 0, encoded.length);
        for (SparseMap.Range range : map.ranges()) {
            copy(file, range.start(), range.length());
        }
        out.pad(stored);
    }

    private void copy(Fd file, long start, long length) throws IOException {
        long done = 0;
        while (done < length) {
            int wanted = (int) Math.min(buffer.length, length - done);
            int read = FileCalls.read(file, buffer, 0, wanted, start + done);
            if (read == 0) {
                throw new LinuxException("read", "", Errno.EIO.number());
            }
            out.content(buffer, 0, read);
            done += read;
        }
    }

    private static PaxWriter.Header header(String name, char type, Stat stat, long size, String link) {
        boolean device = type == '3' || type == '4';
        return new PaxWriter.Header(
                name,
                type,
                stat.mode(),
                stat.uid(),
                stat.gid(),
                size,
                stat.mtimeNanos(),
                link,
                device ? stat.rdevMajor() : 0,
                device ? stat.rdevMinor() : 0);
    }

    private static SortedMap<String, String> extended(Map<String, byte[]> xattrs) {
        SortedMap<String, String> records = new TreeMap<>();
        new StateXattrs(0).normalise(xattrs).forEach((name, value) -> records.put("SCHILY.xattr." + name, value));
        return records;
    }
}
