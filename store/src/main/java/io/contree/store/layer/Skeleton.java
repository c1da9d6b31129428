package io.contree.store.layer;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Removal;
import io.contree.store.disk.SharedContents;
import io.contree.store.manifest.LayerStack;
import io.contree.store.state.StateSums;
import io.contree.store.state.StateXattrs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The mount points that every runtime needs. They are part of every state, from the lowest layer of every stack: an
 * image with them is the same as one without, and mounting on them changes nothing. Where a layer removes one it is put
 * back, unless something else is there or its directory is gone.
 */
final class Skeleton {
    /** Parents first. Changing this changes every UUID: it is part of the format version. */
    private static final List<Point> POINTS = List.of(
            new Point(RawPath.of("dev"), true),
            new Point(RawPath.of("etc"), true),
            new Point(RawPath.of("etc/hostname"), false),
            new Point(RawPath.of("etc/hosts"), false),
            new Point(RawPath.of("etc/resolv.conf"), false),
            new Point(RawPath.of("proc"), true),
            new Point(RawPath.of("sys"), true));

    private record Point(RawPath path, boolean directory) {}

    private Skeleton() {}

    /** Rebuilds the lowest layer of every stack and returns its sums. */
    static StateSums make(Layout layout, StateXattrs xattrs) throws IOException {
        Layout.LayerDirectory layer = layout.skeleton();
        Removal.remove(layer.directory());
        Files.createDirectories(layer.tree());
        LayerStack nothing = new LayerStack(List.of());
        try (LayerTree tree = new LayerTree(layer.tree(), xattrs)) {
            FileCalls.chmod(tree.root(), "", 0755);
            FileCalls.chown(tree.root(), "", 0, 0);
            restore(tree, nothing);
        }
        return LayerSeal.seal(layer, nothing, xattrs, new KnownContents(), SharedContents.none(layout))
                .delta();
    }

    /** Puts back the mount points that a layer's tree hides on top of a stack; on an empty stack, makes all of them. */
    static void restore(LayerTree tree, LayerStack below) throws LinuxException {
        for (Point point : POINTS) {
            Shadow shadow = Shadow.of(tree, point.path());
            boolean visible = shadow == Shadow.SHOWN
                    || (shadow == Shadow.THROUGH && below.find(point.path()).isPresent());
            if (!visible && isDirectory(tree, point.path().parent())) {
                make(tree, point, shadow == Shadow.HIDDEN);
            }
        }
    }

    private static boolean isDirectory(LayerTree tree, RawPath path) throws LinuxException {
        return FileCalls.statIfPresent(tree.root(), path.raw())
                .filter(Stat::isDirectory)
                .isPresent();
    }

    private static void make(LayerTree tree, Point point, boolean hides) throws LinuxException {
        String name = point.path().name();
        try (Fd parent = tree.directory(point.path().parent())) {
            Optional<Stat> whiteout = FileCalls.statIfPresent(parent, name);
            if (whiteout.isPresent()) {
                FileCalls.unlink(parent, name, false);
            }
            if (point.directory()) {
                FileCalls.makeDirectory(parent, name, 0755);
                if (hides) {
                    FileCalls.setXattr(parent, name, StateXattrs.OPAQUE, StateXattrs.opaqueValue());
                }
            } else {
                FileCalls.makeNode(parent, name, Stat.REGULAR | 0644, 0, 0);
            }
            EntryAttributes.removeXattrs(parent, name, Set.of());
            FileCalls.chmod(parent, name, point.directory() ? 0755 : 0644);
            FileCalls.chown(parent, name, 0, 0);
            FileCalls.setTimes(parent, name, 0);
        }
    }
}
