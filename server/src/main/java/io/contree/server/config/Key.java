package io.contree.server.config;

import java.util.Locale;
import java.util.function.Function;

/**
 * A setting: {@code --name} on the command line, {@code CONTREE_NAME} in the environment, {@code name} in a file.
 *
 * @param fallback the default, as one would write it
 * @param allowed what the value may be, for messages
 * @param help one sentence for people
 * @param parser throws IllegalArgumentException for anything else
 */
public record Key<T>(String name, String fallback, String allowed, String help, Function<String, T> parser) {
    /** The environment variable. */
    public String variable() {
        return Keys.VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
