package io.contree.api;

import java.util.Optional;

/**
 * An import as it was asked for ({@code POST /v1/images/import}), checked and with defaults filled in.
 *
 * @param tag what to call the result
 * @param timeout seconds
 */
public record ImportRequest(Registry registry, Optional<String> tag, int timeout) {
    /** @throws ContreeException INVALID_ARGUMENT with the field that breaks a rule */
    public ImportRequest {
        tag.ifPresent(RequestRules::tag);
        RequestRules.atLeast(1, "timeout", timeout);
    }

    /** Where from. Empty credentials on the wire are none. */
    public record Registry(String url, Optional<Credentials> credentials) {
        public Registry {
            RequestRules.url(url);
            url = url.strip();
        }
    }

    /** A login, never stored; {@code toString} and the stored form have the password masked. */
    public record Credentials(String username, String password) {
        public Credentials masked() {
            return new Credentials(username, "<MASKED>");
        }

        @Override
        public String toString() {
            return "Credentials[username=" + username + ", password=<MASKED>]";
        }
    }
}
