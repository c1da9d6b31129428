package io.contree.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --key value} and {@code --key=value}. */
final class Flags {
    private Flags() {}

    static Map<String, String> parse(List<String> arguments) {
        Map<String, String> flags = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("--") || argument.length() == 2) {
                throw new IllegalArgumentException(
                        "'" + argument + "' is not an option; options are --KEY VALUE, see --help");
            }
            int equals = argument.indexOf('=');
            if (equals < 0 && i + 1 == arguments.size()) {
                throw new IllegalArgumentException("option " + argument + " needs a value");
            }
            String key = argument.substring(2, equals < 0 ? argument.length() : equals);
            flags.put(key, equals < 0 ? arguments.get(++i) : argument.substring(equals + 1));
        }
        return flags;
    }
}
