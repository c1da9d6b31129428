package io.contree.sdk;

import io.contree.api.FileRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Files on the server, addressed by the SHA-256 of their bytes; runs place them into images. */
public final class UploadedFiles {
    private final Api api;

    UploadedFiles(Api api) {
        this.api = api;
    }

    /** The file with these bytes, uploaded if the server does not have it. */
    public FileRecord upload(FileContent content) {
        try {
            Optional<FileRecord> known = find(content.sha256());
            return known.isPresent()
                    ? known.get()
                    : api.upload("upload " + content, "/files", content.publisher(), FileRecord.class);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + content + " to upload it: " + e, e);
        }
    }

    /** The file of a digest, 64 hexadecimal digits. */
    public Optional<FileRecord> find(String sha256) {
        try {
            return Optional.of(api.get("look up file " + sha256, "/files/" + Query.encode(sha256), FileRecord.class));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }
}
