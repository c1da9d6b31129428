package io.contree.sdk.session;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Replaces a file as a whole, on disk when the call returns. */
final class DurableFile {
    private DurableFile() {}

    /** For one writer at a time: what a crash leaves behind is taken over by the next. */
    static void replace(File file, byte[] bytes) throws IOException {
        Path next = file.toPath().resolveSibling(file.getName() + ".new");
        Files.deleteIfExists(next);
        create(next);
        try (FileOutputStream out = new FileOutputStream(next.toFile())) {
            out.write(bytes);
            out.getFD().sync();
        }
        Files.move(next, file.toPath(), StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(file.getAbsoluteFile().getParentFile());
    }

    private static void create(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(path);
        }
    }

    private static void syncDirectory(@Nullable File directory) throws IOException {
        if (directory == null || File.separatorChar == '\\') {
            return; // Windows neither opens directories nor needs it.
        }
        try (FileChannel channel = FileChannel.open(directory.toPath(), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
