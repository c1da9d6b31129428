package io.contree.sdk.nio;

import io.contree.sdk.Contree;
import io.contree.sdk.ContreeClientException;
import io.contree.sdk.NotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The provider of the scheme {@code contree}; the JDK finds it by itself. {@code
 * contree://HOST:PORT/UUID!/etc/hosts} names a file of an image. {@link java.nio.file.FileSystems#newFileSystem(URI, Map)}
 * opens an image by such a URI, with the settings
 *
 * <ul>
 *   <li>{@code client}: a {@link Contree} to use, which stays open; or else
 *   <li>{@code token}, {@code project}, {@code profile}, {@code baseUrl}: as in {@link Contree.Builder}; what is left out comes
 *       from the environment and the profiles, except for the server, which the URI names: over https unless it is on this
 *       machine.
 * </ul>
 *
 * A client made for the file system is closed with it.
 */
public final class ImageFileSystemProvider extends FileSystemProvider {
    /** The JDK makes one; what follows from the tree of {@link #open} is the same for each. */
    public ImageFileSystemProvider() {}

    /** The file system of an image; close it. */
    public static FileSystem open(ImageTree tree) {
        return registered().open(Location.of(tree), tree, () -> {});
    }

    /** The one that the JDK knows, if it does: class loaders of containers may hide it. */
    private static ImageFileSystemProvider registered() {
        return FileSystemProvider.installedProviders().stream()
                .filter(ImageFileSystemProvider.class::isInstance)
                .map(ImageFileSystemProvider.class::cast)
                .findFirst()
                .orElseGet(ImageFileSystemProvider::new);
    }

    private ImageFileSystem open(Location location, ImageTree tree, AutoCloseable client) {
        ImageFileSystem fileSystem = new ImageFileSystem(this, tree, client);
        OpenFileSystems.add(location, fileSystem);
        return fileSystem;
    }

    @Override
    public String getScheme() {
        return Location.SCHEME;
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
        Location location = Location.of(uri);
        if (OpenFileSystems.find(location).isPresent()) {
            throw new FileSystemAlreadyExistsException(uri + " is open already; FileSystems.getFileSystem finds it");
        }
        if (env.get("client") instanceof Contree client) {
            return open(location, tree(client, location), () -> {});
        }
        Contree client = Clients.of(location, env);
        try {
            return open(location, tree(client, location), client);
        } catch (IOException | ContreeClientException | FileSystemNotFoundException e) {
            client.close();
            throw e;
        }
    }

    private static ImageTree tree(Contree client, Location location) throws IOException {
        try (ImageFileSystem opened = (ImageFileSystem)
                client.images().find(location.image().toString()).fileSystem()) {
            return opened.tree();
        } catch (NotFoundException e) {
            throw (FileSystemNotFoundException) new FileSystemNotFoundException(e.getMessage()).initCause(e);
        }
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return OpenFileSystems.find(Location.of(uri))
                .orElseThrow(() -> new FileSystemNotFoundException("no file system is open for " + uri
                        + "; open it with FileSystems.newFileSystem or image.fileSystem()"));
    }

    @Override
    public Path getPath(URI uri) {
        return getFileSystem(uri).getPath(Location.pathOf(uri));
    }

    @Override
    public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
        return new ImageFile(ImagePath.of(path)).stream(Arrays.asList(options));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return new ImageFile(ImagePath.of(path)).channel(options);
    }

    /** Of a copy of the file in the directory for temporary files, which goes with the channel. */
    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return new ImageFile(ImagePath.of(path)).fileChannel(options);
    }

    /** Of a copy of the file in the directory for temporary files, which goes with the channel. */
    @Override
    public AsynchronousFileChannel newAsynchronousFileChannel(
            Path path,
            Set<? extends OpenOption> options,
            @Nullable ExecutorService executor,
            FileAttribute<?>... attributes)
            throws IOException {
        return new ImageFile(ImagePath.of(path)).asynchronousChannel(options, executor);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path dir, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        ImagePath path = ImagePath.of(dir);
        Objects.requireNonNull(filter);
        ImageFileSystem fileSystem = path.getFileSystem();
        Entry entry = fileSystem.find(path, true);
        if (!entry.isDirectory()) {
            throw new NotDirectoryException(path.toString());
        }
        return fileSystem.remember(new ImageDirectoryStream(path, fileSystem.list(entry, path), filter));
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        if (path.equals(other)) {
            return true;
        }
        if (!(other instanceof ImagePath second)) {
            return false;
        }
        ImagePath first = ImagePath.of(path);
        Attributes one = attributes(first, true);
        Attributes two = attributes(second, true);
        return one.image().equals(two.image())
                && (one.entry().path().equals(two.entry().path())
                        || (one.fileKey() != null && Objects.equals(one.fileKey(), two.fileKey())));
    }

    @Override
    public boolean isHidden(Path path) {
        return String.valueOf(path.getFileName()).startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        ImagePath image = ImagePath.of(path);
        image.getFileSystem().find(image, true);
        return new ImageFileStore(image.getFileSystem().location().image());
    }

    /** Everything can be read, since the server reads as root; what has an x bit for anybody can be executed. */
    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        Attributes attributes = attributes(ImagePath.of(path), true);
        List<AccessMode> asked = Arrays.asList(modes);
        if (asked.contains(AccessMode.WRITE)) {
            throw new AccessDeniedException(path.toString(), null, "images are read-only");
        }
        boolean executable =
                attributes.isDirectory() || (attributes.entry().listed().mode() & 0111) != 0;
        if (asked.contains(AccessMode.EXECUTE) && !executable) {
            throw new AccessDeniedException(path.toString(), null, "nobody may execute it");
        }
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        if (!AttributeView.isSupported(type)) {
            return null;
        }
        return type.cast(new AttributeView(AttributeView.nameOf(type), ImagePath.of(path), Links.followed(options)));
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        if (type != BasicFileAttributes.class && type != PosixFileAttributes.class) {
            throw new UnsupportedOperationException("files of an image have no " + type.getName());
        }
        return type.cast(attributes(ImagePath.of(path), Links.followed(options)));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        int colon = attributes.indexOf(':');
        String view = colon < 0 ? "basic" : attributes.substring(0, colon);
        Map<String, @Nullable Object> all =
                attributes(ImagePath.of(path), Links.followed(options)).view(view);
        Map<String, @Nullable Object> chosen = new LinkedHashMap<>();
        for (String name : attributes.substring(colon + 1).split(",", -1)) {
            if (name.equals("*")) {
                chosen.putAll(all);
            } else if (all.containsKey(name)) {
                chosen.put(name, all.get(name));
            } else {
                throw new IllegalArgumentException("the view " + view + " has no '" + name + "' but " + all.keySet());
            }
        }
        return nullable(chosen);
    }

    /** The map of the JDK's contract, which has null for what a file system does not know. */
    @SuppressWarnings("NullAway")
    private static Map<String, Object> nullable(Map<String, @Nullable Object> values) {
        return values;
    }

    private static Attributes attributes(ImagePath path, boolean follow) throws IOException {
        ImageFileSystem fileSystem = path.getFileSystem();
        return new Attributes(fileSystem.location().image(), fileSystem.find(path, follow));
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        ImagePath path = ImagePath.of(link);
        Entry entry = path.getFileSystem().find(path, false);
        if (!entry.isSymlink()) {
            throw new NotLinkException(path.toString());
        }
        return path.getFileSystem().getPath(entry.listed().target());
    }

    @Override
    public void createDirectory(Path dir, FileAttribute<?>... attributes) {
        throw refused(dir);
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) {
        throw refused(link);
    }

    @Override
    public void createLink(Path link, Path existing) {
        throw refused(link);
    }

    @Override
    public void delete(Path path) {
        throw refused(path);
    }

    @Override
    public boolean deleteIfExists(Path path) {
        throw refused(path);
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw refused(target);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) {
        throw refused(target);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw refused(path);
    }

    private static ReadOnlyFileSystemException refused(Path path) {
        ImagePath.of(path).getFileSystem().requireOpen();
        return new ReadOnlyFileSystemException();
    }
}
