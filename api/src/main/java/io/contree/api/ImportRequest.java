package io.contree.api;

import java.util.Optional;

/**
 * An import as it was asked for ({@code POST /v1/images/import}), checked and with defaults filled in.
 *
 * @param tag what to call the result
 * @param timeout seconds
 */
public record ImportRequest(Registry registry, Optional<String> tag, int timeout) {
    private static final int DEFAULT_TIMEOUT = 300;

    /** @throws ContreeException INVALID_ARGUMENT with the field that breaks a rule */
    public ImportRequest {
        tag.ifPresent(RequestRules::tag);
        RequestRules.atLeast(1, "timeout", timeout);
    }

    /** Where to import from. Empty credentials on the wire count as none. */
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

    /** Reads what clients of all generations send. */
    static ImportRequest parse(JsonFields fields) {
        JsonFields registry = fields.object("registry")
                .orElseThrow(() -> fields.invalid("registry", "an object with the url of the image"));
        return new ImportRequest(
                new Registry(
                        registry.requiredString("url"),
                        registry.object("credentials").flatMap(ImportRequest::credentials)),
                fields.string("tag").filter(text -> !text.isEmpty()),
                (int) fields.capped("timeout", 1, Integer.MAX_VALUE, DEFAULT_TIMEOUT));
    }

    private static Optional<Credentials> credentials(JsonFields credentials) {
        String username = secret(credentials, "username");
        String password = secret(credentials, "password");
        return username.isEmpty() && password.isEmpty()
                ? Optional.empty()
                : Optional.of(new Credentials(username, password));
    }

    private static String secret(JsonFields credentials, String name) {
        try {
            return credentials.string(name).orElse("");
        } catch (ContreeException e) {
            throw JsonFields.invalid(credentials.at(name), "of another type", WireText.ALLOWED);
        }
    }
}
