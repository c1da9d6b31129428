package io.contree.sdk.async;

import io.contree.api.FileRecord;
import io.contree.sdk.FileContent;
import io.contree.sdk.UploadedFiles;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The twin of {@link UploadedFiles}. */
public final class AsyncFiles {
    private final UploadedFiles files;
    private final Calls calls;

    AsyncFiles(UploadedFiles files, Calls calls) {
        this.files = files;
        this.calls = calls;
    }

    /** Twin of {@link UploadedFiles#upload(FileContent)}. */
    public CompletableFuture<FileRecord> upload(FileContent content) {
        return calls.call(() -> files.upload(content));
    }

    /** Twin of {@link UploadedFiles#find(String)}. */
    public CompletableFuture<Optional<FileRecord>> find(String sha256) {
        return calls.call(() -> files.find(sha256));
    }
}
