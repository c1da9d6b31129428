package io.contree.engine;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Hides the values of variables that are named like secrets, for event logs. */
final class Redaction {
    static final String MASK = "<MASKED>";

    private static final List<String> ENDINGS =
            List.of("token", "secret", "password", "api_key", "credentials", "authorization");

    private Redaction() {}

    static Map<String, String> env(Map<String, String> env) {
        Map<String, String> shown = new TreeMap<>(env);
        shown.replaceAll((name, value) -> isSecret(name) ? MASK : value);
        return shown;
    }

    private static boolean isSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(lower::endsWith);
    }
}
