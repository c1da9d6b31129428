package io.contree.cli.local;

import io.contree.sdk.Contree;
import io.contree.sdk.ContreeClientException;
import io.contree.sdk.FileContent;
import io.contree.store.archive.DirectoryArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A root file system or archive of images on this machine.
 *
 * @param kind {@code rootfs}, {@code oci}, {@code oci-archive} or {@code docker-archive}
 * @param path absolute
 * @param name of the image in it, if it holds several
 */
public record LocalSource(String kind, Path path, Optional<String> name) {
    /**
     * Sends the bytes to the server and returns the reference under which it can import them: a directory as a tar, anything
     * else as it is.
     *
     * @throws UncheckedIOException if something cannot be read
     */
    public String send(Contree contree) {
        boolean directory = Files.isDirectory(path);
        if (kind.equals("oci") && !directory) {
            throw unreadable("it is not a directory; a layout in a tar is oci-archive:FILE");
        }
        if (!directory && !Files.isRegularFile(path)) {
            throw unreadable(Files.exists(path) ? "it is neither a file nor a directory" : "there is no such file");
        }
        if (directory && kind.endsWith("-archive")) {
            throw unreadable("it is a directory");
        }
        String uuid = directory
                ? packed(contree)
                : contree.files().upload(path).uuid().toString();
        String sent = kind.equals("oci") ? "oci-archive" : kind;
        return "upload:" + sent + ":" + uuid + name.map(text -> ":" + text).orElse("");
    }

    private UncheckedIOException unreadable(String why) {
        return new UncheckedIOException("cannot import " + kind + ":" + path + ": " + why, new IOException(why));
    }

    private String packed(Contree contree) {
        try (PackedStream bytes = PackedStream.of(out -> DirectoryArchive.write(path, out, kind.equals("rootfs")))) {
            try {
                return contree.files().upload(FileContent.of(bytes)).uuid().toString();
            } catch (ContreeClientException e) {
                throw bytes.failure()
                        .<RuntimeException>map(cause -> unreadable(String.valueOf(cause.getMessage())))
                        .orElse(e);
            }
        }
    }

    /** As people write it. */
    public String text() {
        return kind + ":" + path + name.map(text -> ":" + text).orElse("");
    }
}
