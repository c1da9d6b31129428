package io.contree.server.http;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.engine.Caller;
import io.contree.engine.Tokens;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;

/** Who a request comes from, by its bearer token. A token has one project: a {@code Project} header is ignored. */
final class Authentication {
    private static final String SCHEME = "Bearer ";

    private final Tokens tokens;

    private final Optional<Caller> anybody;

    /** With {@code open}, every caller belongs to the first project and may do everything. */
    Authentication(Tokens tokens, boolean open) {
        this.tokens = tokens;
        this.anybody = open
                ? Optional.of(new Caller(
                        new UUID(0, 0),
                        tokens.firstProject(),
                        EnumSet.allOf(Caller.Permission.class),
                        Optional.empty()))
                : Optional.empty();
    }

    /**
     * The caller.
     *
     * @param authorization the header, if there is one
     * @throws ContreeException UNAUTHENTICATED
     */
    Caller caller(Optional<String> authorization) {
        if (anybody.isPresent()) {
            return anybody.get();
        }
        String header = authorization.orElseThrow(() -> new ContreeException(
                ErrorCode.UNAUTHENTICATED, "the request has no token; send the header Authorization: Bearer TOKEN"));
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new ContreeException(
                    ErrorCode.UNAUTHENTICATED,
                    "the Authorization header has another scheme; send Authorization: Bearer TOKEN");
        }
        return tokens.authenticate(header.substring(SCHEME.length()).strip())
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.UNAUTHENTICATED, "the token is unknown to this server, or it has expired"));
    }
}
