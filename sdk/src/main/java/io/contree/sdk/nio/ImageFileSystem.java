package io.contree.sdk.nio;

import io.contree.sdk.ContreeClientException;
import io.contree.sdk.internal.nio.Globs;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One image. Closing it closes the streams and channels that are open on it. */
final class ImageFileSystem extends FileSystem {
    private final ImageFileSystemProvider provider;
    private final ImageTree tree;
    private final Location location;
    private final Directories directories;
    private final Set<Closeable> resources = ConcurrentHashMap.newKeySet();
    private final AutoCloseable client;
    private volatile boolean open = true;

    /** @param client closed with the file system */
    ImageFileSystem(ImageFileSystemProvider provider, ImageTree tree, AutoCloseable client) {
        this.provider = provider;
        this.tree = tree;
        this.location = Location.of(tree);
        this.directories = new Directories(tree);
        this.client = client;
    }

    Location location() {
        return location;
    }

    ImageTree tree() {
        return tree;
    }

    void requireOpen() {
        if (!open) {
            throw new ClosedFileSystemException();
        }
    }

    /** What is at a path. */
    Entry find(ImagePath path, boolean follow) throws FileSystemException {
        requireOpen();
        Entry known = path.found().orElse(null);
        if (known != null && !(follow && known.isSymlink())) {
            return known;
        }
        String asked = path.toString();
        try {
            return Resolution.find(directories, path.names(), asked, follow);
        } catch (ContreeClientException e) {
            throw Refusals.of(asked, e);
        }
    }

    Directory list(Entry directory, ImagePath asked) throws FileSystemException {
        requireOpen();
        try {
            return directories.list(directory.path());
        } catch (ContreeClientException e) {
            throw Refusals.of(asked.toString(), e);
        }
    }

    /** The path of what a path leads to; without following, links stay, and {@code ..} after one too. */
    ImagePath realPath(ImagePath path, boolean follow) throws IOException {
        Entry entry = find(path, follow);
        if (follow) {
            return ImagePath.real(this, entry);
        }
        List<String> kept = new ArrayList<>();
        for (String name : path.names()) {
            if (name.equals("..") && !endsInLink(kept)) {
                if (!kept.isEmpty()) {
                    kept.remove(kept.size() - 1);
                }
            } else if (!name.equals(".")) {
                kept.add(name);
            }
        }
        return ImagePath.parse(this, "/" + String.join("/", kept));
    }

    private boolean endsInLink(List<String> names) throws IOException {
        return !names.isEmpty()
                && (names.get(names.size() - 1).equals("..")
                        || find(ImagePath.parse(this, "/" + String.join("/", names)), false)
                                .isSymlink());
    }

    /** Closes it with the file system, unless it is {@link #forget forgotten} before. */
    <T extends Closeable> T remember(T resource) {
        resources.add(resource);
        if (!open) {
            closeQuietly(resource);
            throw new ClosedFileSystemException();
        }
        return resource;
    }

    void forget(Closeable resource) {
        resources.remove(resource);
    }

    @Override
    public ImageFileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
        }
        OpenFileSystems.remove(this);
        resources.forEach(ImageFileSystem::closeQuietly);
        try {
            client.close();
        } catch (Exception e) {
            throw new IOException("could not close the client of " + location.image() + ": " + e.getMessage(), e);
        }
    }

    private static void closeQuietly(Closeable resource) {
        try {
            resource.close();
        } catch (IOException | UncheckedIOException e) {
            // Nothing is lost: it was only read.
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(root());
    }

    ImagePath root() {
        return ImagePath.parse(this, "/");
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of(new ImageFileStore(location.image()));
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Attributes.VIEWS;
    }

    @Override
    public Path getPath(String first, String... more) {
        StringBuilder text = new StringBuilder(first);
        for (String part : more) {
            if (!part.isEmpty()) {
                text.append(text.length() > 0 ? "/" : "").append(part);
            }
        }
        return ImagePath.parse(this, text.toString());
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        return Globs.matcher(syntaxAndPattern);
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        return new ImagePrincipals(this);
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("images never change, so there is nothing to watch");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ImageFileSystem fileSystem && fileSystem.location.equals(location);
    }

    @Override
    public int hashCode() {
        return location.hashCode();
    }

    @Override
    public String toString() {
        return Location.SCHEME + "://" + location.server() + "/" + location.image();
    }
}
