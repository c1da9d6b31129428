package io.contree.sdk;

import io.contree.sdk.Transport.StreamReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Saves bodies as files: beside the target first, then renamed, so that the target is whole or untouched. */
final class Downloads {
    private Downloads() {}

    static Path save(Api api, String action, String requestPath, String imagePath, Path target) {
        Path file = Files.isDirectory(target) ? target.resolve(nameOf(imagePath)) : target;
        try {
            Path parent = file.toAbsolutePath().getParent();
            Path part = Files.createTempFile(parent == null ? Path.of("/") : parent, ".contree-", ".part");
            try {
                fetch(api, action, requestPath, part);
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
            return file;
        } catch (IOException e) {
            throw new LocalFileException("could not " + action + " to " + file, e);
        }
    }

    private static void fetch(Api api, String action, String requestPath, Path part) throws IOException {
        StreamReply reply = api.stream(action, requestPath, Api.FILE);
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
            throw new TransportException("could not " + action + ": got " + size + " of " + length.get() + " bytes");
        }
    }

    /** Reads from the server, so that what fails here is not taken for a failure of the local disk. */
    private static int read(String action, InputStream body, byte[] buffer) {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw new TransportException("could not " + action + ": " + e.getMessage(), e);
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
