package io.contree.sdk;

import io.contree.api.FileRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that a run is given: its bytes, permission bits and owner. A value, except for one of a stream, which is read once.
 */
public final class FileContent {
    private final Content content;
    private final Optional<Integer> mode;
    private final int uid;
    private final int gid;

    private FileContent(Content content, Optional<Integer> mode, int uid, int gid) {
        this.content = content;
        this.mode = mode;
        this.uid = uid;
        this.gid = gid;
    }

    private FileContent(Content content) {
        this(content, Optional.empty(), 0, 0);
    }

    /** A file of this machine, read at the time of the run; its permission bits go along unless others are set. */
    public static FileContent of(Path path) {
        return new FileContent(new Content.LocalFile(path));
    }

    public static FileContent of(byte[] bytes) {
        return new FileContent(new Content.InMemory(bytes.clone()));
    }

    /** Text as UTF-8. */
    public static FileContent of(String text) {
        return new FileContent(new Content.InMemory(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * What a stream yields, of any length. It is read and closed by the first run that needs it; further runs on the same
     * server refer to what was sent. If sending breaks off, the stream is lost: make another one.
     */
    public static FileContent of(InputStream stream) {
        return new FileContent(new Content.Stream(stream));
    }

    /** With these permission bits, such as {@code 0755}. */
    public FileContent mode(int mode) {
        if ((mode & ~Content.PERMISSIONS) != 0) {
            throw new IllegalArgumentException(
                    "permission bits go from 0 to 07777 (octal), and these are 0" + Integer.toOctalString(mode));
        }
        return new FileContent(content, Optional.of(mode), uid, gid);
    }

    /** Owned by this user and group inside the image; by root by default. */
    public FileContent owner(int uid, int gid) {
        return new FileContent(content, mode, uid, gid);
    }

    int uid() {
        return uid;
    }

    int gid() {
        return gid;
    }

    /** The permission bits that were set, else the file's own, else 0644. */
    int effectiveMode() throws IOException {
        return mode.isPresent() ? mode.get() : content.mode();
    }

    FileRecord upload(UploadedFiles files) throws IOException {
        return content.upload(files);
    }

    @Override
    public String toString() {
        return content.toString();
    }
}
