package io.contree.sdk;

import io.contree.api.FileRecord;
import io.contree.sdk.internal.http.Completeness;
import io.contree.sdk.internal.http.Filters;
import io.contree.sdk.internal.http.Pages;
import io.contree.sdk.internal.http.Query;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Files on the server, addressed by the SHA-256 of their bytes; runs place them into images. */
public final class UploadedFiles {
    private final Api api;

    UploadedFiles(Api api) {
        this.api = api;
    }

    /**
     * The file with these bytes, uploaded if the server does not have it.
     *
     * @throws LocalFileException if the bytes cannot be read
     */
    public FileRecord upload(FileContent content) {
        try {
            return content.upload(this);
        } catch (IOException e) {
            throw new LocalFileException("could not read " + content + " to upload it", e);
        }
    }

    /** As {@link #upload(FileContent)}, of a file of this machine. */
    public FileRecord upload(Path local) {
        return upload(FileContent.of(local));
    }

    /** The file with this digest, 64 hexadecimal digits. */
    public Optional<FileRecord> find(String sha256) {
        try {
            return Optional.of(api.get("look up file " + sha256, path(sha256), FileRecord.class));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    /** Whether there is a file with this digest. */
    public boolean exists(String sha256) {
        return api.exists("look for file " + sha256, path(sha256));
    }

    /** Every file, the newest first; asked for page by page while the stream is read. */
    public Stream<FileRecord> list() {
        return list(FileQuery.all());
    }

    public Stream<FileRecord> list(FileQuery query) {
        Filters filters = query.filters();
        return Pages.stream(
                filters.limit(),
                (size, offset) -> api.get("list files", filters.page("/files", size, offset), Listed.class)
                        .files());
    }

    private record Listed(List<FileRecord> files) implements Completeness.Answered {
        @Override
        public Object essence() {
            return files;
        }
    }

    FileRecord send(String name, BodyPublisher bytes, boolean replayable) {
        return api.upload("upload " + name, "/files", bytes, replayable, FileRecord.class);
    }

    private static String path(String sha256) {
        return "/files/" + Query.encode(sha256);
    }
}
