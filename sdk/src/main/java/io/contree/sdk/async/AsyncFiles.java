package io.contree.sdk.async;

import io.contree.api.FileRecord;
import io.contree.sdk.FileContent;
import io.contree.sdk.FileQuery;
import io.contree.sdk.UploadedFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Publisher;
import java.util.function.Function;

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

    /** Twin of {@link UploadedFiles#upload(Path)}. */
    public CompletableFuture<FileRecord> upload(Path local) {
        return calls.call(() -> files.upload(local));
    }

    /** Twin of {@link UploadedFiles#exists(String)}. */
    public CompletableFuture<Boolean> exists(String sha256) {
        return calls.call(() -> files.exists(sha256));
    }

    /** Twin of {@link UploadedFiles#list()}. */
    public Publisher<FileRecord> list() {
        return list(FileQuery.all());
    }

    /** Twin of {@link UploadedFiles#list(FileQuery)}; a page is asked for when there is demand for its elements. */
    public Publisher<FileRecord> list(FileQuery query) {
        return calls.each(() -> files.list(query), Function.identity());
    }

    /** Twin of {@link UploadedFiles#find(String)}. */
    public CompletableFuture<Optional<FileRecord>> find(String sha256) {
        return calls.call(() -> files.find(sha256));
    }
}
