package io.contree.junit;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The configuration parameters of {@link ContreeTest}.
 *
 * @param data of an embedded server
 */
record Settings(Server server, Optional<Path> data, Missing missing) {
    enum Server {
        EMBEDDED,
        ENVIRONMENT
    }

    /** What to do if there is no server. */
    enum Missing {
        FAIL,
        SKIP
    }

    static Settings of(ExtensionContext context) {
        return new Settings(
                choice(context, "contree.junit.server", Server.EMBEDDED),
                context.getConfigurationParameter("contree.junit.data").map(Path::of),
                choice(context, "contree.junit.missing", Missing.FAIL));
    }

    private static <E extends Enum<E>> E choice(ExtensionContext context, String name, E fallback) {
        Optional<String> given = context.getConfigurationParameter(name).map(String::strip);
        if (given.isEmpty()) {
            return fallback;
        }
        for (E value : fallback.getDeclaringClass().getEnumConstants()) {
            if (value.name().equals(given.get().toUpperCase(Locale.ROOT))) {
                return value;
            }
        }
        throw new ExtensionConfigurationException("the configuration parameter " + name + " is '" + given.get()
                + "'; allowed is one of "
                + java.util.Arrays.toString(fallback.getDeclaringClass().getEnumConstants())
                        .toLowerCase(Locale.ROOT));
    }
}
