package io.contree.sdk.nio;

import io.contree.sdk.ContreeClientException;
import io.contree.sdk.NotFoundException;
import io.contree.sdk.internal.nio.DownloadChannel;
import io.contree.sdk.internal.nio.RawNames;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** A file of an image, to be opened. One request opens it: the server follows the links of the path. */
final class ImageFile {
    private static final Set<StandardOpenOption> WRITING =
            EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.APPEND, StandardOpenOption.DELETE_ON_CLOSE);
    private static final Set<StandardOpenOption> COPY =
            EnumSet.of(StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);

    private final ImagePath path;
    private final ImageFileSystem fileSystem;

    ImageFile(ImagePath path) {
        this.path = path;
        this.fileSystem = path.getFileSystem();
    }

    InputStream stream(Collection<? extends OpenOption> options) throws IOException {
        check(options);
        return body(open());
    }

    SeekableByteChannel channel(Collection<? extends OpenOption> options) throws IOException {
        check(options);
        ImageTree.Content content = open();
        long size = content.length().isPresent()
                ? content.length().getAsLong()
                : fileSystem.find(path, true).listed().size();
        InputStream body = content.body();
        return fileSystem.remember(new DownloadChannel(body, size, () -> open().body(), fileSystem::forget));
    }

    FileChannel fileChannel(Collection<? extends OpenOption> options) throws IOException {
        Path copy = copy(options);
        try {
            return fileSystem.remember(FileChannel.open(copy, COPY));
        } catch (IOException e) {
            Files.deleteIfExists(copy);
            throw e;
        }
    }

    AsynchronousFileChannel asynchronousChannel(
            Collection<? extends OpenOption> options, @Nullable ExecutorService executor) throws IOException {
        Path copy = copy(options);
        try {
            return fileSystem.remember(AsynchronousFileChannel.open(copy, COPY, executor));
        } catch (IOException e) {
            Files.deleteIfExists(copy);
            throw e;
        }
    }

    private Path copy(Collection<? extends OpenOption> options) throws IOException {
        check(options);
        Path copy = Files.createTempFile("contree-", ".file");
        try (InputStream body = body(open())) {
            Files.copy(body, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException | ContreeClientException e) {
            Files.deleteIfExists(copy);
            throw e;
        }
    }

    private void check(Collection<? extends OpenOption> options) throws IOException {
        fileSystem.requireOpen();
        if (options.stream().anyMatch(WRITING::contains)) {
            throw new ReadOnlyFileSystemException();
        }
        if (!Links.followed(options) && fileSystem.find(path, false).isSymlink()) {
            throw new FileSystemException(path.toString(), null, "it is a symbolic link, which was not to be followed");
        }
    }

    private ImageTree.Content open() throws IOException {
        fileSystem.requireOpen();
        // The real path where it is known, for it may lie behind more links than a kernel follows in one path.
        String request = path.found()
                .filter(entry -> !entry.isSymlink())
                .map(entry -> RawNames.percent(entry.path()))
                .orElseGet(path::requestForm);
        try {
            return fileSystem.tree().open(request);
        } catch (NotFoundException e) {
            fileSystem.find(
                    path, true); // knows more kinds of absence: a circle of links, a file in place of a directory
            throw Refusals.of(path.toString(), e);
        } catch (ContreeClientException e) {
            throw Refusals.of(path.toString(), e);
        }
    }

    private InputStream body(ImageTree.Content content) {
        return fileSystem.remember(new FilterInputStream(content.body()) {
            @Override
            public void close() throws IOException {
                fileSystem.forget(this);
                super.close();
            }
        });
    }
}
