package io.contree.store.grep;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.ImageView;
import io.contree.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** One search through an image. Memory is bounded by the answer, one block, and the directories on the way to a file. */
public final class ImageGrep {
    private record Level(RawPath path, Iterator<ImageView.Entry> entries) {}

    private final ImageView view;
    private final GrepQuery query;
    private final GlobFilter filter;
    private final Budget budget;
    private final FileSearch files;

    private ImageGrep(ImageView view, GrepQuery query, Duration time) {
        this.view = view;
        this.query = query;
        this.filter = new GlobFilter(query.globs());
        this.budget = new Budget(time, query.maxTotal());
        this.files = new FileSearch(query, LineMatcher.of(query), budget);
    }

    /**
     * Searches files, hidden ones too, in byte order of their names, directory by directory; those containing a NUL are
     * skipped. A link is followed only where a path of the query leads through it.
     *
     * @param time after which the answer is what was found by then
     * @throws StoreException INVALID for a pattern or glob that cannot be used, NOT_FOUND or WRONG_TYPE for a path
     */
    public static GrepResult search(ImageView view, GrepQuery query, Duration time) throws IOException {
        return new ImageGrep(view, query, time).search();
    }

    private GrepResult search() throws IOException {
        List<ImageView.Entry> roots = new ArrayList<>();
        for (RawPath path : query.paths()) {
            roots.add(root(path));
        }
        try {
            for (int i = 0; i < roots.size(); i++) {
                String path = query.paths().get(i).raw().replaceAll("/+(\\./+)*", "/");
                if (type(roots.get(i)) == Stat.REGULAR) {
                    searchFile(new RawPath(path));
                } else {
                    searchTree(new RawPath(path.length() > 1 ? path.replaceFirst("/\\z", "") : path));
                }
            }
            return budget.result(false);
        } catch (SearchEndedException e) {
            return budget.result(true);
        }
    }

    private ImageView.Entry root(RawPath path) {
        String shown = "\"" + path + "\"";
        ImageView.Entry entry = view.stat(path, true)
                .orElseThrow(() ->
                        new StoreException(StoreException.Kind.NOT_FOUND, "there is no " + shown + " in the image"));
        if (type(entry) != Stat.REGULAR && type(entry) != Stat.DIRECTORY) {
            throw new StoreException(
                    StoreException.Kind.WRONG_TYPE,
                    shown + " is neither a regular file nor a directory, so there is nothing to search");
        }
        return entry;
    }

    private static int type(ImageView.Entry entry) {
        return entry.mode() & Stat.TYPE_MASK;
    }

    /** A stack of our own: trees are as deep as strangers make them. */
    private void searchTree(RawPath root) throws IOException {
        Deque<Level> levels = new ArrayDeque<>();
        levels.push(new Level(root, view.list(root).iterator()));
        while (!levels.isEmpty()) {
            budget.checkTime();
            Level level = levels.peek();
            if (!level.entries().hasNext()) {
                levels.pop();
                continue;
            }
            ImageView.Entry entry = level.entries().next();
            String above = level.path().raw();
            RawPath path = new RawPath((above.equals("/") ? "/" : above + "/") + entry.name());
            boolean directory = type(entry) == Stat.DIRECTORY;
            if ((!directory && type(entry) != Stat.REGULAR) || !filter.takes(path, directory)) {
                continue;
            }
            if (directory) {
                enter(levels, path);
            } else if (entry.size() > 0) {
                searchFile(path);
            }
        }
    }

    private void enter(Deque<Level> levels, RawPath path) {
        try {
            levels.push(new Level(path, view.list(path).iterator()));
        } catch (StoreException e) {
            requireTooLong(e);
        }
    }

    private void searchFile(RawPath path) throws IOException {
        InputStream opened;
        try {
            opened = view.open(path).bytes();
        } catch (StoreException e) {
            requireTooLong(e);
            return;
        }
        try (InputStream in = opened) {
            files.search(path, in);
        }
    }

    /** A tree may be deeper than the longest path that can be opened; what lies there is not searched. */
    private static void requireTooLong(StoreException failure) {
        if (failure.kind() != StoreException.Kind.INVALID) {
            throw failure;
        }
    }
}
