package io.contree.store.layer;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.FileHandle;
import io.contree.linux.LinuxException;
import io.contree.linux.Mounts;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.StoreException;
import io.contree.store.manifest.LayerStack;
import io.contree.store.manifest.MergedEntry;
import io.contree.store.state.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces what overlayfs leaves in an upper directory as references to lower ones: directories that are shown at another place
 * than the lower one that they continue ({@code redirect_dir}), files that have their attributes only ({@code metacopy}), and files
 * of several names of which some are still below ({@code index}). After it the upper directory says by itself what a run left.
 * Source: Documentation/filesystems/overlayfs.rst of Linux. Used once.
 */
final class LowerReferences {
    private final LayerTree tree;
    private final LayerStack below;
    private final FileCopies copies;
    private final KnownContents known;
    private final LinkHandles handles;

    /** Those that are continued at another place, or where what is below is hidden; parents first. */
    private final List<Moved> moved = new ArrayList<>();

    private final List<Bare> bare = new ArrayList<>();
    /** Files of several names that the layer must have with all of them. */
    private final Map<LayerStack.LinkGroup, Name> linked = new LinkedHashMap<>();

    private final Map<RawPath, Long> times = new HashMap<>();

    private record Moved(RawPath path, RawPath from) {}

    /** A file without content, and where the state below has it. */
    private record Bare(RawPath path, RawPath content) {}

    /** A name that a file has already: in the index or in the tree. */
    private record Name(Optional<Fd> index, RawPath path) {}

    /**
     * A directory on disk.
     *
     * @param from the directory of the state below that it continues
     * @param inPlace whether that is the one that a layer would show there
     */
    private record Directory(RawPath path, Optional<RawPath> from, boolean inPlace) {}

    LowerReferences(LayerTree tree, LayerStack below, FileCopies copies, KnownContents known, LinkHandles handles) {
        this.tree = tree;
        this.below = below;
        this.copies = copies;
        this.known = known;
        this.handles = handles;
    }

    void resolve(Path index) throws IOException {
        survey();
        Optional<Fd> opened = open(index);
        try {
            if (opened.isPresent()) {
                takeFromIndex(opened.get());
            }
            for (Bare file : bare) {
                complete(file);
            }
            for (Moved directory : moved) {
                fill(directory);
            }
            joinNames();
        } finally {
            opened.ifPresent(Fd::close);
        }
        for (Map.Entry<RawPath, Long> time : times.entrySet()) {
            try (Fd directory = tree.directory(time.getKey())) {
                FileCalls.setTimes(directory, "", time.getValue());
            }
        }
    }

    private static Optional<Fd> open(Path index) throws LinuxException {
        try {
            return Optional.of(FileCalls.open(index, FileCalls.READ | FileCalls.DIRECTORY));
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void survey() throws LinuxException {
        Deque<Directory> pending =
                new ArrayDeque<>(List.of(new Directory(RawPath.EMPTY, Optional.of(RawPath.EMPTY), true)));
        while (!pending.isEmpty()) {
            Directory directory = pending.pop();
            try (Fd open = tree.directory(directory.path())) {
                for (FileCalls.Entry entry : FileCalls.list(open)) {
                    Checkpoint.pass();
                    UpperLinks.checkLength(directory.path().child(entry.name()));
                    if (entry.type() == Stat.DIRECTORY) {
                        pending.push(child(directory, open, entry.name()));
                    } else if (entry.type() == Stat.REGULAR) {
                        noteBare(directory, open, entry.name());
                    }
                }
            }
        }
    }

    private Directory child(Directory parent, Fd open, String name) throws LinuxException {
        RawPath path = parent.path().child(name);
        Map<String, byte[]> xattrs = FileCalls.xattrs(open, name);
        Optional<RawPath> from = LayerTree.isOpaque(xattrs)
                ? Optional.empty()
                : source(parent, name, xattrs)
                        .filter(source -> below.find(source)
                                .filter(MergedEntry::isDirectory)
                                .isPresent());
        boolean inPlace = parent.inPlace() && from.filter(path::equals).isPresent();
        if (from.isPresent() && !inPlace) {
            moved.add(new Moved(path, from.get()));
        }
        return new Directory(path, from, inPlace);
    }

    private void noteBare(Directory parent, Fd open, String name) throws LinuxException {
        Map<String, byte[]> xattrs = FileCalls.xattrs(open, name);
        if (xattrs.containsKey(Mounts.METACOPY)) {
            RawPath path = parent.path().child(name);
            bare.add(new Bare(path, source(parent, name, xattrs).orElseThrow(() -> dangling(path))));
        }
    }

    /** Where the state below has what is continued under a name. */
    private static Optional<RawPath> source(Directory parent, String name, Map<String, byte[]> xattrs) {
        byte[] redirect = xattrs.get(Mounts.REDIRECT);
        if (redirect != null && redirect[0] == '/') {
            return Optional.of(new RawPath(RawPath.of(redirect).raw().substring(1)));
        }
        String there = redirect == null ? name : RawPath.of(redirect).raw();
        return parent.from().map(from -> from.child(there));
    }

    /** The index has a file for each one below whose names were changed, or that was changed through one of them. */
    private void takeFromIndex(Fd index) throws IOException {
        Map<FileHandle, String> names = new HashMap<>();
        for (FileCalls.Entry entry : FileCalls.list(index)) {
            FileHandle.ofIndexEntry(entry.name()).ifPresent(handle -> names.put(handle, entry.name()));
        }
        if (names.isEmpty()) {
            return;
        }
        for (int place = 0; place < below.depth() - 1; place++) {
            if (below.layer(place).groups() > 0) {
                Map<FileHandle, Integer> groups =
                        handles.of(copies.layer(place), copies.source(place), below.layer(place));
                for (Map.Entry<FileHandle, String> name : names.entrySet()) {
                    Integer number = groups.get(name.getKey());
                    if (number != null) {
                        take(new LayerStack.LinkGroup(place, number), index, name.getValue());
                    }
                }
            }
        }
    }

    private void take(LayerStack.LinkGroup group, Fd index, String name) throws IOException {
        List<RawPath> paths = below.linkedPaths(group);
        if (paths.isEmpty()) {
            return;
        }
        linked.put(group, new Name(Optional.of(index), new RawPath(name)));
        if (FileCalls.xattrs(index, name).containsKey(Mounts.METACOPY)) {
            copies.complete(below.find(paths.getFirst()).orElseThrow(), tree, index, name);
        }
    }

    private void complete(Bare file) throws IOException {
        try (Fd directory = tree.directory(file.path().parent())) {
            String name = file.path().name();
            if (known.of(FileCalls.stat(directory, name)).isEmpty()) {
                MergedEntry content = below.find(file.content())
                        .filter(entry -> entry.entry().isRegular())
                        .orElseThrow(() -> dangling(file.path()));
                copies.complete(content, tree, directory, name);
            }
        }
    }

    /** Gives a directory what it shows of the one that it continues, and ends that. */
    private void fill(Moved directory) throws IOException {
        try (Fd open = tree.directory(directory.path())) {
            long time = FileCalls.stat(open, "").mtimeNanos();
            Set<String> names = new HashSet<>();
            FileCalls.list(open).forEach(entry -> names.add(entry.name()));
            Deque<Copy> directories = new ArrayDeque<>();
            for (MergedEntry child : below.find(directory.from()).orElseThrow().children()) {
                if (!names.contains(child.path().name())) {
                    copy(child, open, directory.path(), directories);
                }
            }
            DraftDirectories.markOpaque(open, "");
            FileCalls.setTimes(open, "", time);
            while (!directories.isEmpty()) {
                fill(directories.pop(), directories);
            }
        }
    }

    /** A directory of the state below to be copied to a path, where an empty one is. */
    private record Copy(MergedEntry from, RawPath path) {}

    private void fill(Copy copy, Deque<Copy> directories) throws IOException {
        try (Fd open = tree.directory(copy.path())) {
            for (MergedEntry child : copy.from().children()) {
                copy(child, open, copy.path(), directories);
            }
            FileCalls.setTimes(open, "", copy.from().entry().mtimeNanos());
        }
    }

    private void copy(MergedEntry entry, Fd parent, RawPath parentPath, Deque<Copy> directories) throws IOException {
        Checkpoint.pass();
        String name = entry.path().name();
        RawPath path = parentPath.child(name);
        UpperLinks.checkLength(path);
        if (entry.isDirectory()) {
            FileCalls.makeDirectory(parent, name, 0700);
            EntryAttributes.apply(entry.entry(), parent, name);
            directories.push(new Copy(entry, path));
        } else if (entry.linkedPaths().size() < 2) {
            copies.make(entry, parent, name);
        } else {
            Name other = linked.get(entry.group().orElseThrow());
            if (other == null) {
                copies.make(entry, parent, name);
                linked.put(entry.group().orElseThrow(), new Name(Optional.empty(), path));
            } else {
                link(other, parent, name);
            }
        }
    }

    /** Names of a file in this layer that only layers below have until now. */
    private void joinNames() throws LinuxException {
        try (DraftDirectories directories = new DraftDirectories(tree, below, times)) {
            for (Map.Entry<LayerStack.LinkGroup, Name> file : linked.entrySet()) {
                for (RawPath path : below.linkedPaths(file.getKey())) {
                    Checkpoint.pass();
                    // Of a directory that moved, the layer has all by now.
                    if (Shadow.of(tree, path) == Shadow.THROUGH) {
                        Fd parent = directories.parentOf(path);
                        times.putIfAbsent(
                                path.parent(), FileCalls.stat(parent, "").mtimeNanos());
                        link(file.getValue(), parent, path.name());
                    }
                }
            }
        }
    }

    private void link(Name file, Fd parent, String name) throws LinuxException {
        if (file.index().isPresent()) {
            FileCalls.link(file.index().get(), file.path().raw(), parent, name);
            return;
        }
        try (Fd directory = tree.directory(file.path().parent())) {
            FileCalls.link(directory, file.path().name(), parent, name);
        }
    }

    private static StoreException dangling(RawPath path) {
        return new StoreException(
                StoreException.Kind.CORRUPT, "the content of \"" + path + "\" is in none of the layers below");
    }
}
