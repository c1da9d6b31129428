package io.contree.engine.request;

import io.contree.api.ImportRequest;
import io.contree.api.SpawnRequest;
import io.contree.engine.OperationDetails;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Hides what may be secret in whatever is kept or shown of a request: the values of variables that are named like secrets, and
 * logins in the URLs of others.
 */
public final class Redaction {
    static final String MASK = "<MASKED>";

    private static final List<String> ENDINGS = List.of(
            "token",
            "secret",
            "password",
            "passwd",
            "passphrase",
            "api_key",
            "apikey",
            "access_key",
            "secret_key",
            "private_key",
            "credential",
            "credentials",
            "authorization");

    /** What stands before the host of a URL: {@code http://user:password@proxy:3128}. */
    private static final Pattern LOGIN = Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]*://)[^/?#\\s]*@");

    private Redaction() {}

    /** The request as its record has it; the same again for one that is redacted already. */
    public static OperationDetails.Request request(OperationDetails.Request request) {
        return switch (request) {
            case OperationDetails.Instance(SpawnRequest spawn) -> new OperationDetails.Instance(request(spawn));
            case OperationDetails.Import(ImportRequest load) -> new OperationDetails.Import(request(load));
        };
    }

    /** The request of a run as its record has it. */
    public static SpawnRequest request(SpawnRequest request) {
        return request.toBuilder()
                .process(request.process().withEnv(env(request.env())))
                .build();
    }

    /** The request of an import as its record has it. */
    public static ImportRequest request(ImportRequest request) {
        Optional<ImportRequest.Credentials> credentials =
                request.registry().credentials().map(ImportRequest.Credentials::masked);
        return new ImportRequest(
                new ImportRequest.Registry(request.registry().url(), credentials), request.tag(), request.timeout());
    }

    public static SortedMap<String, String> env(Map<String, String> env) {
        SortedMap<String, String> shown = new TreeMap<>(env);
        shown.replaceAll((name, value) -> isSecret(name) ? MASK : text(value));
        return shown;
    }

    /** A text without the logins of the URLs in it. */
    static String text(String text) {
        return text.contains("@") ? LOGIN.matcher(text).replaceAll("${scheme}" + MASK + "@") : text;
    }

    private static boolean isSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(lower::endsWith);
    }
}
