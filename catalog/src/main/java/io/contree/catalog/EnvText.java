package io.contree.catalog;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Preserved variables as text: {@code NAME=value} lines, each in Base64 since a value may hold a line feed. No JSON library is
 * needed for so little.
 */
final class EnvText {
    private EnvText() {}

    static String of(Map<String, String> env) {
        Base64.Encoder encoder = Base64.getEncoder();
        return env.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .map(line -> encoder.encodeToString(line.getBytes(StandardCharsets.UTF_8)))
                .collect(Collectors.joining("\n"));
    }

    static SortedMap<String, String> parse(String text) {
        SortedMap<String, String> env = new TreeMap<>();
        text.lines().forEach(line -> {
            String variable = new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
            int sign = variable.indexOf('=');
            env.put(variable.substring(0, sign), variable.substring(sign + 1));
        });
        return env;
    }
}
