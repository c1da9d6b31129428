package io.contree.sdk.nio;

import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** Finds what a path leads to, link by link, as the kernel does with the image's root as the root. */
final class Resolution {
    /** Linux gives up at this many. */
    private static final int MAX_LINKS = 40;

    private final Directories directories;
    private final String asked;
    private final Deque<Entry> way = new ArrayDeque<>();
    private final Deque<String> pending = new ArrayDeque<>();
    private int links;

    private Resolution(Directories directories, String asked) {
        this.directories = directories;
        this.asked = asked;
    }

    /**
     * The entry at a path.
     *
     * @param names of an absolute path
     * @param asked the path, for messages
     * @param followLast whether a link at the end is followed too
     */
    static Entry find(Directories directories, List<String> names, String asked, boolean followLast)
            throws FileSystemException {
        Resolution resolution = new Resolution(directories, asked);
        resolution.pending.addAll(names);
        return resolution.walk(followLast);
    }

    private Entry walk(boolean followLast) throws FileSystemException {
        while (!pending.isEmpty()) {
            String name = pending.removeFirst();
            switch (name) {
                case "", "." -> {}
                case ".." -> way.pollLast();
                default -> step(name, followLast);
            }
        }
        return way.isEmpty() ? directories.list("/").self() : way.getLast();
    }

    private void step(String name, boolean followLast) throws FileSystemException {
        String parent = way.isEmpty() ? "/" : way.getLast().path();
        Entry entry = directories.list(parent).child(name).orElseThrow(() -> new NoSuchFileException(asked));
        if (entry.isSymlink() && (followLast || !pending.isEmpty())) {
            follow(entry.listed().target());
        } else if (!pending.isEmpty() && !entry.isDirectory()) {
            throw new FileSystemException(asked, null, "Not a directory");
        } else {
            way.addLast(entry);
        }
    }

    private void follow(String target) throws FileSystemException {
        links++;
        if (links > MAX_LINKS) {
            throw new FileSystemLoopException(asked);
        }
        if (target.startsWith("/")) {
            way.clear();
        }
        List<String> names = Arrays.asList(target.split("/"));
        Collections.reverse(names);
        names.forEach(pending::addFirst);
    }
}
