package io.contree.store.overlay;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.linux.UserNamespace;
import io.contree.store.IoFailure;
import io.contree.store.PlacedFile;
import io.contree.store.StoreException;
import io.contree.store.disk.Layout;
import io.contree.store.manifest.ManifestFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts uploaded files into a mounted checkout. Whatever links it has, the kernel keeps every step within its root. */
final class Placement {
    private static final long IN_ROOT = FileCalls.RESOLVE_IN_ROOT | FileCalls.RESOLVE_NO_MAGICLINKS;
    private static final int PARENT_MODE = 0755;
    private static final int PRIVATE_MODE = 0600;

    private final Layout layout;
    private final Path root;
    private final Optional<UserNamespace> users;
    private final Runnable goOn;

    /**
     * @param users whose ids the root shows
     * @param goOn called between pieces of a copy
     */
    Placement(Layout layout, Path root, Optional<UserNamespace> users, Runnable goOn) {
        this.layout = layout;
        this.root = root;
        this.users = users;
        this.goOn = goOn;
    }

    void place(PlacedFile file) {
        Path blob = layout.file(file.digest());
        if (!Files.exists(blob)) {
            throw new StoreException(
                    StoreException.Kind.NOT_FOUND, "There is no uploaded file " + file.digest() + "; upload it first");
        }
        List<String> names = names(file.path());
        int uid = hostId(file, file.uid());
        int gid = hostId(file, file.gid());
        try (Fd top = FileCalls.open(root, FileCalls.PATH_ONLY | FileCalls.DIRECTORY);
                Fd source = FileCalls.open(blob, FileCalls.READ)) {
            asImageRoot(() -> {
                try (Fd parent = parent(top, file, names.subList(0, names.size() - 1))) {
                    write(source, parent, names.getLast(), file, uid, gid);
                }
            });
        } catch (IOException e) {
            throw IoFailure.of("put a file at " + file.path(), e);
        }
    }

    private void asImageRoot(UserNamespace.FileWork work) throws LinuxException {
        if (users.isPresent()) {
            users.get().asRoot(work);
        } else {
            work.run();
        }
    }

    private static List<String> names(RawPath path) {
        List<String> names = new ArrayList<>();
        for (String name : path.names()) {
            if (name.equals("..")) {
                throw invalid(path, "it has a \"..\"");
            }
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        if (names.isEmpty() || path.raw().endsWith("/") || path.raw().endsWith("/.")) {
            throw invalid(path, "it names a directory; add the name of the file");
        }
        if (path.length() > ManifestFormat.MAX_PATH) {
            throw invalid(
                    new RawPath(path.raw().substring(0, 100) + "…"),
                    "it is longer than " + ManifestFormat.MAX_PATH + " bytes");
        }
        return names;
    }

    private int hostId(PlacedFile file, int id) {
        if (users.isEmpty()) {
            return id;
        }
        try {
            return users.get().mapping().toHost(id);
        } catch (IllegalArgumentException e) {
            throw invalid(file.path(), String.valueOf(e.getMessage()));
        }
    }

    /** Opens the directory for the file; makes the parts of it that are missing. */
    private static Fd parent(Fd top, PlacedFile file, List<String> names) throws LinuxException {
        Fd parent = open(top, ".", IN_ROOT);
        RawPath prefix = RawPath.EMPTY;
        for (String name : names) {
            try (Fd above = parent) {
                prefix = prefix.child(name);
                parent = child(top, above, prefix, name, file);
            }
        }
        return parent;
    }

    private static Fd child(Fd top, Fd above, RawPath prefix, String name, PlacedFile file) throws LinuxException {
        try {
            return open(top, prefix.raw(), IN_ROOT);
        } catch (LinuxException e) {
            if (e.errno() != Errno.ENOENT) {
                throw refused(file, prefix, e);
            }
        }
        try {
            FileCalls.makeDirectory(above, name, PARENT_MODE);
            FileCalls.chmod(above, name, PARENT_MODE);
            return open(top, prefix.raw(), IN_ROOT);
        } catch (LinuxException e) {
            throw refused(file, prefix, e);
        }
    }

    private void write(Fd source, Fd parent, String name, PlacedFile file, int uid, int gid) throws LinuxException {
        try {
            Optional<Stat> present = FileCalls.statIfPresent(parent, name);
            if (present.filter(Stat::isDirectory).isPresent()) {
                throw invalid(file.path(), "there is a directory at this path; add the name of the file");
            }
            if (present.isPresent()) {
                FileCalls.unlink(parent, name, false);
            }
            int flags = FileCalls.WRITE | FileCalls.CREATE | FileCalls.EXCLUSIVE | FileCalls.NO_FOLLOW;
            try (Fd target = FileCalls.open(parent, name, flags, PRIVATE_MODE, FileCalls.RESOLVE_BENEATH)) {
                FileCalls.copy(source, target, goOn);
                FileCalls.chown(target, "", uid, gid);
                FileCalls.chmod(target, "", file.mode());
            }
        } catch (LinuxException e) {
            throw refused(file, new RawPath(name), e);
        }
    }

    private static Fd open(Fd directory, String path, long resolve) throws LinuxException {
        return FileCalls.open(directory, path, FileCalls.PATH_ONLY | FileCalls.DIRECTORY, 0, resolve);
    }

    private static LinuxException refused(PlacedFile file, RawPath at, LinuxException e) {
        return switch (e.errno()) {
            case ENOTDIR -> throw invalid(file.path(), "\"" + at + "\" in it is not a directory");
            case EEXIST, ENOENT -> throw invalid(file.path(), "\"" + at + "\" in it is a link to nowhere");
            case ELOOP -> throw invalid(file.path(), "\"" + at + "\" in it is a link that leads in a circle");
            case ENAMETOOLONG -> throw invalid(file.path(), "a name in it is longer than 255 bytes");
            default -> e;
        };
    }

    private static StoreException invalid(RawPath path, String why) {
        return new StoreException(StoreException.Kind.INVALID, "cannot put a file at \"" + path + "\": " + why);
    }
}
