package io.contree.sdk.internal.download;

import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.InternalException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks an archive beside the target, then moves it there. Every entry is made below directories that were made here,
 * never through a link, and nothing is made twice: so even the archive of a hostile server stays in the target.
 */
public final class TreeDownload {
    private final String action;
    private final Path root;
    private final Set<Path> directories = new HashSet<>();
    private final Set<Path> files = new HashSet<>();
    private final Set<Path> others = new HashSet<>();
    /** The attributes of directories, set once nothing more is made in them. */
    private final List<Runnable> attributes = new ArrayList<>();

    private TreeDownload(String action, Path root) {
        this.action = action;
        this.root = root;
        directories.add(root);
    }

    /** Unpacks and closes an archive; the target is whole afterwards, or as it was. */
    public static Path save(String action, InputStream archive, Path target) {
        try (archive) {
            Path whole = target.toAbsolutePath().normalize();
            Path parent = whole.getParent();
            boolean free = !Files.exists(whole, LinkOption.NOFOLLOW_LINKS) || isEmptyDirectory(whole);
            if (parent == null || !free) {
                throw new IllegalArgumentException("could not " + action + " to " + target
                        + ": it is there already; name a directory that does not exist or is empty");
            }
            Path part = Files.createTempDirectory(parent, ".contree-");
            try {
                new TreeDownload(action, part).unpack(new TarReader(action, archive));
                Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
            } catch (Throwable e) {
                delete(part, e);
                throw e;
            }
            return target;
        } catch (IOException e) {
            throw new InternalException(Kind.LOCAL_FILE, "could not " + action + " to " + target, e);
        }
    }

    private static boolean isEmptyDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (var entries = Files.newDirectoryStream(path)) {
            return !entries.iterator().hasNext();
        }
    }

    private void unpack(TarReader tar) throws IOException {
        for (TarReader.Entry entry = tar.next(); entry != null; entry = tar.next()) {
            Path path = place(entry.path());
            switch (entry.type()) {
                case '0' -> writeFile(tar, entry, path);
                case '1' -> linkFile(entry, path);
                case '2' -> {
                    claim(path, others);
                    Files.createSymbolicLink(path, root.getFileSystem().getPath(entry.link()));
                }
                case '5' -> makeDirectory(entry, path);
                default -> {} // devices and pipes
            }
        }
        for (int i = attributes.size() - 1; i >= 0; i--) {
            attributes.get(i).run();
        }
    }

    /** Where an entry goes; its parents are there afterwards. */
    private Path place(String name) throws IOException {
        Path path = root;
        try {
            for (String part : name.split("/")) {
                if (part.isEmpty() || part.equals(".")) {
                    continue;
                }
                if (!directories.contains(path)) {
                    claim(path, directories);
                    Files.createDirectory(path);
                }
                Path next = path.resolve(part);
                if (part.equals("..")
                        || !path.equals(next.getParent())
                        || !next.normalize().equals(next)) {
                    throw hostile(name);
                }
                path = next;
            }
            return path;
        } catch (InvalidPathException e) {
            throw new IOException("this machine cannot have a file that is called " + name, e);
        }
    }

    /** Notes that something is made there, once. */
    private void claim(Path path, Set<Path> kind) {
        if (directories.contains(path) || files.contains(path) || others.contains(path)) {
            throw hostile(root.relativize(path).toString());
        }
        kind.add(path);
    }

    private void makeDirectory(TarReader.Entry entry, Path path) throws IOException {
        if (!directories.contains(path)) {
            claim(path, directories);
            Files.createDirectory(path);
        }
        attributes.add(() -> {
            try {
                describe(path, entry);
            } catch (IOException e) {
                throw new InternalException(
                        Kind.LOCAL_FILE, "could not " + action + ": could not set the mode of " + path, e);
            }
        });
    }

    private void writeFile(TarReader tar, TarReader.Entry entry, Path path) throws IOException {
        claim(path, files);
        byte[] buffer = new byte[64 * 1024];
        try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int count = tar.read(buffer); count >= 0; count = tar.read(buffer)) {
                out.write(buffer, 0, count);
            }
        }
        describe(path, entry);
    }

    private void linkFile(TarReader.Entry entry, Path path) throws IOException {
        Path first = place(entry.link());
        if (!files.contains(first)) {
            throw hostile(entry.path());
        }
        claim(path, files);
        Files.createLink(path, first);
    }

    private static void describe(Path path, TarReader.Entry entry) throws IOException {
        @Nullable
        PosixFileAttributeView posix =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (posix != null) {
            posix.setPermissions(permissions(entry.mode()));
        }
        Files.setLastModifiedTime(path, FileTime.from(entry.modified()));
    }

    /** The nine bits for owner, group and others; those beyond, such as setuid, are not taken over. */
    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }

    private InternalException hostile(String name) {
        return new InternalException(
                Kind.ANSWER,
                "could not " + action + ": the archive that the server sent has an entry \"" + name
                        + "\" that leads out of it, or is there twice; nothing was kept");
    }

    private static void delete(Path tree, Throwable reason) {
        try {
            Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
