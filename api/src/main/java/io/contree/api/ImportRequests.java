package io.contree.api;

import io.contree.api.ImportRequest.Credentials;
import io.contree.api.ImportRequest.Registry;
import java.util.Optional;

/** Reads what clients of all generations send for an import. */
final class ImportRequests {
    private static final int DEFAULT_TIMEOUT = 300;
    private static final int MAX_URL = 4096;

    private ImportRequests() {}

    static ImportRequest parse(JsonFields fields) {
        JsonFields registry = fields.object("registry")
                .orElseThrow(() -> fields.invalid("registry", "an object with the url of the image"));
        return new ImportRequest(
                new Registry(url(registry), registry.object("credentials").flatMap(ImportRequests::credentials)),
                tag(fields),
                (int) fields.capped("timeout", 1, Integer.MAX_VALUE, DEFAULT_TIMEOUT));
    }

    private static String url(JsonFields registry) {
        String url = registry.requiredString("url").strip();
        if (url.isEmpty() || url.length() > MAX_URL || url.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw registry.invalid("url", "a reference such as docker://docker.io/library/busybox:latest");
        }
        return url;
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

    private static Optional<String> tag(JsonFields fields) {
        Optional<String> tag = fields.string("tag").filter(text -> !text.isEmpty());
        if (tag.isPresent() && !TagName.isValid(tag.get())) {
            throw fields.invalid("tag", TagName.SYNTAX);
        }
        return tag;
    }
}
