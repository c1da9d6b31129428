package io.contree.sdk;

import org.jspecify.annotations.Nullable;

/**
 * Something did not work. The message says what was tried, what is wrong and what to do; the kinds differ by what a
 * caller can do.
 */
public abstract sealed class ContreeClientException extends RuntimeException
        permits CallInterruptedException,
                ClientClosedException,
                ConfigurationException,
                ConflictException,
                InvalidRequestException,
                LocalFileException,
                NotAllowedException,
                NotFoundException,
                OperationCancelledException,
                OperationFailedException,
                ServerException,
                SessionException,
                TransportException,
                UnavailableException,
                WaitTimeoutException {
    ContreeClientException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
