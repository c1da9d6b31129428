package io.contree.sdk.nio;

import io.contree.sdk.ContreeClientException;
import io.contree.sdk.NotAllowedException;
import io.contree.sdk.NotFoundException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Failures of the client as the exceptions that callers of a file system expect. */
final class Refusals {
    private Refusals() {}

    static FileSystemException of(String path, ContreeClientException failure) {
        FileSystemException refusal = kind(path, failure);
        refusal.initCause(failure);
        return refusal;
    }

    private static FileSystemException kind(String path, ContreeClientException failure) {
        String reason = String.valueOf(failure.getMessage());
        if (failure instanceof NotFoundException) {
            return new NoSuchFileException(path, null, reason);
        }
        if (failure instanceof NotAllowedException) {
            return new AccessDeniedException(path, null, reason);
        }
        return new FileSystemException(path, null, reason);
    }
}
