package io.contree.store.check;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.Digest;
import io.contree.store.IoFailure;
import io.contree.store.disk.Layout.LayerDirectory;
import io.contree.store.disk.SharedContents;
import io.contree.store.manifest.Manifest;
import io.contree.store.state.Checkpoint;
import io.contree.store.state.ContentHash;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Compares the tree of one layer with its manifest, both ways. Holds the names of one directory at a time and two descriptors, whatever
 * the layer has. Used once, by one thread.
 */
final class LayerCheck {
    private static final long INSIDE = FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_SYMLINKS;

    private final LayerDirectory layer;
    private final Manifest manifest;
    private final ContentsCheck contents;
    private final boolean readData;
    private final LongConsumer bytesRead;
    private final Found found;
    private final ContentHash hash = new ContentHash();
    /** Which file the names of a group are: that of its first name. */
    private final Map<Integer, Long> groups = new HashMap<>();

    private final Set<Long> single = new HashSet<>();

    /** Is told of each difference. */
    interface Found {
        void fault(Fault.Kind kind, RawPath path, String what);
    }

    /**
     * @param contents what stubs refer to
     * @param bytesRead is told of what was read of contents, file by file
     */
    LayerCheck(
            LayerDirectory layer,
            Manifest manifest,
            ContentsCheck contents,
            boolean readData,
            LongConsumer bytesRead,
            Found found) {
        this.layer = layer;
        this.manifest = manifest;
        this.contents = contents;
        this.readData = readData;
        this.bytesRead = bytesRead;
        this.found = found;
    }

    void run() throws IOException {
        try (Fd root = FileCalls.open(layer.tree(), FileCalls.READ | FileCalls.DIRECTORY | FileCalls.NO_FOLLOW)) {
            entry(root, "", 0);
            for (int index = 0; index < manifest.count(); index++) {
                if (manifest.isDirectory(index)) {
                    directory(root, index);
                }
            }
        } catch (LinuxException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR && e.errno() != Errno.ELOOP) {
                throw e;
            }
            found.fault(Fault.Kind.MISSING, RawPath.EMPTY, "its tree is missing");
        }
    }

    private void directory(Fd root, int index) throws LinuxException {
        RawPath path = manifest.path(index);
        Optional<Fd> opened = open(root, path);
        if (opened.isEmpty()) {
            return; // which its parent has reported
        }
        try (Fd directory = opened.get()) {
            Set<String> names = new HashSet<>();
            FileCalls.list(directory).forEach(listed -> names.add(listed.name()));
            int end = manifest.subtreeEnd(index);
            for (int child = index + 1; child < end; child = manifest.subtreeEnd(child)) {
                Checkpoint.pass();
                String name = manifest.path(child).name();
                if (names.remove(name)) {
                    readable(directory, name, child);
                } else {
                    missing(child);
                }
            }
            for (String name : names) {
                found.fault(Fault.Kind.EXTRA, path.child(name), "its manifest does not list it");
            }
        } catch (LinuxException e) {
            found.fault(Fault.Kind.UNREADABLE, path, "the directory cannot be read: " + IoFailure.reason(e));
        }
    }

    private Optional<Fd> open(Fd root, RawPath path) {
        try {
            int flags = FileCalls.READ | FileCalls.DIRECTORY | FileCalls.NO_FOLLOW;
            return Optional.of(FileCalls.open(root, path.isEmpty() ? "." : path.raw(), flags, 0, INSIDE));
        } catch (LinuxException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR && e.errno() != Errno.ELOOP) {
                found.fault(Fault.Kind.UNREADABLE, path, "the directory cannot be opened: " + IoFailure.reason(e));
            }
            return Optional.empty();
        }
    }

    private void missing(int index) {
        TreeEntry entry = manifest.entry(index);
        int below = manifest.subtreeEnd(index) - index - 1;
        String what = entry.isWhiteout() ? "its whiteout is missing, so what it hides is shown" : "it is missing";
        found.fault(
                Fault.Kind.MISSING, entry.path(), below == 0 ? what : what + ", with " + below + " entries below it");
    }

    private void readable(Fd directory, String name, int index) {
        try {
            entry(directory, name, index);
        } catch (IOException e) {
            found.fault(Fault.Kind.UNREADABLE, manifest.path(index), "it cannot be read: " + IoFailure.reason(e));
        }
    }

    private void entry(Fd directory, String name, int index) throws IOException {
        TreeEntry entry = manifest.entry(index);
        Stat stat = FileCalls.stat(directory, name);
        Map<String, byte[]> xattrs = FileCalls.xattrs(directory, name);
        Optional<Digest> stub = stat.isRegular() ? SharedContents.contentOf(xattrs) : Optional.empty();
        new EntryComparison(entry, stat, xattrs, stub)
                .differences(() -> FileCalls.readLink(directory, name))
                .forEach(what -> found.fault(Fault.Kind.CHANGED, entry.path(), what));
        boolean first = links(entry, stat);
        if (stub.isPresent()) {
            contents.problem(layer, stub.get(), entry)
                    .ifPresent(what -> found.fault(Fault.Kind.CONTENT, entry.path(), what));
        } else if (readData && first && entry.isRegular() && stat.isRegular() && stat.size() == entry.size()) {
            content(directory, name, entry);
        }
    }

    /** True for the first name of a file. */
    private boolean links(TreeEntry entry, Stat stat) {
        if (entry.isDirectory() || stat.isDirectory() || stat.isWhiteout()) {
            return true; // overlayfs makes many whiteouts of one
        }
        if (entry.group() == 0) {
            if (stat.nlink() > 1 && !single.add(stat.inode())) {
                found.fault(Fault.Kind.CHANGED, entry.path(), "it is one file with another name");
            }
            return true;
        }
        Long first = groups.putIfAbsent(entry.group(), stat.inode());
        if (first != null && first != stat.inode()) {
            found.fault(Fault.Kind.CHANGED, entry.path(), "it is no longer one file with its other names");
        }
        return first == null;
    }

    private void content(Fd directory, String name, TreeEntry entry) throws LinuxException {
        try (Fd file = FileCalls.open(directory, name, FileCalls.READ | FileCalls.NO_FOLLOW, 0, INSIDE)) {
            Digest read = hash.of(file, entry.size());
            if (!read.equals(entry.content().orElseThrow())) {
                found.fault(Fault.Kind.CONTENT, entry.path(), "it holds other bytes than were written");
            }
        }
        bytesRead.accept(entry.size());
    }
}
