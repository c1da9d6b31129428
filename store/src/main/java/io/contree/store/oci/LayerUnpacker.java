package io.contree.store.oci;

import io.contree.linux.RawPath;
import io.contree.store.LayerWriter;
import io.contree.store.LayerWriter.Attributes;
import io.contree.store.LayerWriter.NodeType;
import io.contree.store.oci.limit.ByteBudget;
import io.contree.store.oci.limit.ImportControl;
import io.contree.store.oci.tar.EntryPath;
import io.contree.store.oci.tar.MalformedArchiveException;
import io.contree.store.oci.tar.SparseContent;
import io.contree.store.oci.tar.TarEntry;
import io.contree.store.oci.tar.TarReader;
import io.contree.store.stream.CountingStream;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes the entries of one tar into a layer. For one thread and one tar. */
final class LayerUnpacker {
    /** What names with the prefix {@code .wh.} mean. */
    enum Whiteouts {
        /** In a layer they hide what the layers below have (OCI image specification, "Whiteouts"). */
        HIDE,
        /** In a root file system they are ordinary names. */
        LITERAL
    }

    private static final String WHITEOUT = ".wh.";
    private static final String META = ".wh..wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final int LONGEST_LINK = 4095;
    private static final int LONGEST_XATTR_NAME = 255;
    private static final int LARGEST_XATTR = 64 << 10;
    private static final int LARGEST_MAJOR = (1 << 12) - 1;
    private static final int LARGEST_MINOR = (1 << 20) - 1;

    private final TarReader tar;
    private final LayerWriter layer;
    private final ByteBudget budget;
    private final ImportControl control;
    private final Whiteouts whiteouts;

    LayerUnpacker(TarReader tar, LayerWriter layer, ByteBudget budget, ImportControl control, Whiteouts whiteouts) {
        this.tar = tar;
        this.layer = layer;
        this.budget = budget;
        this.control = control;
        this.whiteouts = whiteouts;
    }

    /** Reads all entries; returns how many there were. */
    long unpack() throws IOException {
        long entries = 0;
        for (Optional<TarEntry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
            control.check();
            budget.entry();
            entries++;
            RawPath path = EntryPath.normalise(entry.get().name());
            if (whiteouts == Whiteouts.LITERAL || !hides(path)) {
                write(path, entry.get());
            }
        }
        return entries;
    }

    /** Handles a path that is a marker; false if it is not one. */
    private boolean hides(RawPath path) throws MalformedArchiveException {
        RawPath parent = path.parent();
        String name = path.name();
        if (parent.raw().startsWith(WHITEOUT) || parent.raw().contains("/" + WHITEOUT)) {
            // aufs kept its own bookkeeping in such directories, and old images carry it.
            if (parent.raw().startsWith(META)) {
                return true;
            }
            throw EntryPath.refused(path, "it lies below a whiteout");
        }
        if (!name.startsWith(WHITEOUT)) {
            return false;
        }
        if (name.equals(OPAQUE)) {
            layer.opaque(parent);
        } else if (!name.startsWith(META)) {
            String hidden = name.substring(WHITEOUT.length());
            if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
                throw EntryPath.refused(path, "it is a whiteout of nothing");
            }
            layer.whiteout(parent.child(hidden));
        }
        return true;
    }

    private void write(RawPath path, TarEntry entry) throws IOException {
        if (path.isEmpty() && entry.type() != TarEntry.Type.DIRECTORY) {
            throw EntryPath.refused(new RawPath(entry.name()), "it would replace the root but is not a directory");
        }
        if (entry.type() == TarEntry.Type.HARD_LINK) {
            // Its attributes are those of the file that it names.
            layer.hardLink(path, EntryPath.normalise(entry.link()));
            return;
        }
        Attributes attributes = attributes(path, entry);
        switch (entry.type()) {
            case DIRECTORY -> layer.directory(path, attributes);
            case FILE -> {
                budget.bytes(entry.size() - entry.dataBytes());
                layer.file(
                        path, attributes, new CountingStream(new SparseContent(tar, entry), read -> control.check()));
            }
            case SYMLINK -> layer.symlink(path, linkTarget(path, entry.link()), attributes);
            case FIFO -> layer.node(path, NodeType.FIFO, 0, 0, attributes);
            case CHARACTER_DEVICE -> device(path, NodeType.CHARACTER_DEVICE, entry, attributes);
            case BLOCK_DEVICE -> device(path, NodeType.BLOCK_DEVICE, entry, attributes);
            case HARD_LINK -> throw new IllegalStateException("a hard link has no attributes of its own");
        }
    }

    private void device(RawPath path, NodeType type, TarEntry entry, Attributes attributes) throws IOException {
        boolean valid = entry.major() >= 0
                && entry.major() <= LARGEST_MAJOR
                && entry.minor() >= 0
                && entry.minor() <= LARGEST_MINOR;
        if (!valid) {
            throw EntryPath.refused(
                    path, "its device number " + entry.major() + ":" + entry.minor() + " is out of range");
        }
        layer.node(path, type, entry.major(), entry.minor(), attributes);
    }

    private static RawPath linkTarget(RawPath path, String target) throws MalformedArchiveException {
        if (target.isEmpty() || target.length() > LONGEST_LINK || target.indexOf('\0') >= 0) {
            throw EntryPath.refused(path, "its link target is empty or too long, or has a NUL");
        }
        return new RawPath(target);
    }

    /** The attributes that Linux keeps on an entry of the type; other programs drop the rest too. */
    private SortedMap<String, byte[]> taken(RawPath path, TarEntry entry) {
        SortedMap<String, byte[]> taken = new TreeMap<>(entry.xattrs());
        for (String name : entry.xattrs().keySet()) {
            if (!isTaken(name, entry.type())) {
                taken.remove(name);
                control.warn("the attribute " + RawPath.toText(name) + " of \"" + path
                        + "\" is left out: Linux keeps no such attribute on " + words(entry.type()));
            }
        }
        return taken;
    }

    private static boolean isTaken(String name, TarEntry.Type type) {
        boolean directory = type == TarEntry.Type.DIRECTORY;
        if (name.startsWith("user.")) {
            return directory || type == TarEntry.Type.FILE;
        }
        return switch (name) {
            case "system.posix_acl_access" -> type != TarEntry.Type.SYMLINK;
            case "system.posix_acl_default" -> directory;
            default -> true;
        };
    }

    private static String words(TarEntry.Type type) {
        return switch (type) {
            case FILE, HARD_LINK -> "a file";
            case DIRECTORY -> "a directory";
            case SYMLINK -> "a symbolic link";
            case FIFO -> "a FIFO";
            case CHARACTER_DEVICE, BLOCK_DEVICE -> "a device";
        };
    }

    private Attributes attributes(RawPath path, TarEntry entry) throws MalformedArchiveException {
        for (var xattr : entry.xattrs().entrySet()) {
            String name = xattr.getKey();
            boolean valid = !name.isEmpty()
                    && name.length() <= LONGEST_XATTR_NAME
                    && name.indexOf('\0') < 0
                    && xattr.getValue().length <= LARGEST_XATTR;
            if (!valid) {
                throw EntryPath.refused(path, "an extended attribute is longer than Linux allows, or malformed");
            }
        }
        long time = entry.time().kept(path, control::warn);
        return new Attributes(entry.mode(), entry.uid(), entry.gid(), time, taken(path, entry));
    }
}
