package io.contree.sdk;

/** Failures of the client, for tests of other packages. */
public final class Failing {
    private Failing() {}

    public static ContreeClientException notFound(String message) {
        return new NotFoundException(message);
    }

    public static ContreeClientException invalid(String message) {
        return new InvalidRequestException(message);
    }

    public static ContreeClientException notAllowed(String message) {
        return new NotAllowedException(message);
    }
}
