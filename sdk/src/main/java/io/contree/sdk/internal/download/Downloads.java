package io.contree.sdk.internal.download;

import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.InternalException.Kind;
import io.contree.sdk.internal.http.Transport.StreamReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Supplier;

/** Saves bodies as files: beside the target first, then renamed, so that the target is whole or untouched. */
public final class Downloads {
    private Downloads() {}

    public static Path save(String action, Supplier<StreamReply> request, String imagePath, Path target) {
        Path file = Files.isDirectory(target) ? target.resolve(nameOf(imagePath)) : target;
        try {
            Path parent = file.toAbsolutePath().getParent();
            Path part = Files.createTempFile(parent == null ? Path.of("/") : parent, ".contree-", ".part");
            try {
                fetch(action, request, part);
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
            return file;
        } catch (IOException e) {
            throw new InternalException(Kind.LOCAL_FILE, "could not " + action + " to " + file, e);
        }
    }

    private static void fetch(String action, Supplier<StreamReply> request, Path part) throws IOException {
        StreamReply reply = request.get();
        long size = 0;
        try (InputStream body = reply.body();
                OutputStream out = Files.newOutputStream(part)) {
            byte[] buffer = new byte[64 * 1024];
            for (int count = read(action, body, buffer); count >= 0; count = read(action, body, buffer)) {
                out.write(buffer, 0, count);
                size += count;
            }
        }
        Optional<Long> length = reply.length();
        if (length.isPresent() && length.get() != size) {
            throw new InternalException(
                    Kind.CONNECTION, "could not " + action + ": got " + size + " of " + length.get() + " bytes");
        }
    }

    /** Reads from the server, so that what fails here is not taken for a failure of the local disk. */
    private static int read(String action, InputStream body, byte[] buffer) {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw new InternalException(Kind.CONNECTION, "could not " + action + ": " + e.getMessage(), e);
        }
    }

    private static String nameOf(String imagePath) {
        Path name = Path.of(imagePath).normalize().getFileName();
        if (name == null) {
            throw new IllegalArgumentException(imagePath + " names no file");
        }
        return name.toString();
    }
}
