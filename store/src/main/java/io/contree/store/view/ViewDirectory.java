package io.contree.store.view;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.ImageView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** An open directory of a view. */
final class ViewDirectory implements ImageView.Directory {
    private final Fd directory;
    private final RawPath path;

    /** @param path for error messages */
    ViewDirectory(Fd directory, RawPath path) {
        this.directory = directory;
        this.path = path;
    }

    @Override
    public List<String> names(String after, int limit) {
        try {
            List<FileCalls.Entry> all = FileCalls.list(directory);
            return limit >= all.size() ? sorted(all, after) : first(all, after, limit);
        } catch (LinuxException e) {
            throw ViewFiles.failure(path, e);
        }
    }

    private static List<String> sorted(List<FileCalls.Entry> all, String after) {
        List<String> names = new ArrayList<>(all.size());
        for (FileCalls.Entry entry : all) {
            if (entry.name().compareTo(after) > 0) {
                names.add(entry.name());
            }
        }
        Collections.sort(names);
        return names;
    }

    private static List<String> first(List<FileCalls.Entry> all, String after, int limit) {
        PriorityQueue<String> least = new PriorityQueue<>(Comparator.reverseOrder());
        for (FileCalls.Entry entry : all) {
            String name = entry.name();
            if (name.compareTo(after) > 0 && (least.size() < limit || name.compareTo(least.element()) < 0)) {
                least.add(name);
                if (least.size() > limit) {
                    least.remove();
                }
            }
        }
        List<String> names = new ArrayList<>(least);
        Collections.sort(names);
        return names;
    }

    @Override
    public List<ImageView.Entry> entries(List<String> names) {
        try {
            List<ImageView.Entry> entries = new ArrayList<>(names.size());
            for (String name : names) {
                Stat stat = FileCalls.stat(directory, name);
                entries.add(entry(name, stat, stat.isSymlink() ? FileCalls.readLink(directory, name) : RawPath.EMPTY));
            }
            return entries;
        } catch (LinuxException e) {
            throw ViewFiles.failure(path, e);
        }
    }

    static ImageView.Entry entry(String name, Stat stat, RawPath target) {
        return new ImageView.Entry(
                name,
                stat.mode(),
                stat.uid(),
                stat.gid(),
                stat.size(),
                stat.nlink(),
                stat.mtimeNanos(),
                target,
                stat.rdevMajor(),
                stat.rdevMinor(),
                stat.inode());
    }

    @Override
    public void close() {
        directory.close();
    }
}
