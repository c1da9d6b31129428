package io.contree.api;

import io.contree.api.ImportRequest.Credentials;
import io.contree.api.ImportRequest.Registry;
import java.util.Optional;

/** Reads what clients of all generations send for an import. */
final class ImportRequests {
    private static final int DEFAULT_TIMEOUT = 300;

    private ImportRequests() {}

    static ImportRequest parse(JsonFields fields) {
        JsonFields registry = fields.object("registry")
                .orElseThrow(() -> fields.invalid("registry", "an object with the url of the image"));
        return new ImportRequest(
                new Registry(
                        registry.requiredString("url"),
                        registry.object("credentials").flatMap(ImportRequests::credentials)),
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
