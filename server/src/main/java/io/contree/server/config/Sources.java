package io.contree.server.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The given values by key, and where each came from. Unknown names are refused here. */
final class Sources {
    /** The flag and variable that name the file with the rest. */
    static final String FILE = "config";

    /** Variables of clients, which a server sees and ignores. */
    private static final Set<String> OF_CLIENTS = Set.of(
            "CONTREE_ALIASES",
            "CONTREE_BASE_URL",
            "CONTREE_CONCURRENCY",
            "CONTREE_DB_TIMEOUT",
            "CONTREE_DEBUG",
            "CONTREE_HOME",
            "CONTREE_NO_UPDATE_CHECK",
            "CONTREE_PROFILE",
            "CONTREE_PROJECT",
            "CONTREE_SESSION",
            "CONTREE_SESSION_DB",
            "CONTREE_TOKEN",
            "CONTREE_URL",
            "CONTREE_WRAP_TEXT");

    private record Given(String value, String from) {}

    private final Map<String, Given> given = new HashMap<>();

    /** Later sources win. */
    static Sources of(Map<String, String> flags, Map<String, String> environment) {
        Map<String, String> variables = new LinkedHashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(Keys.VARIABLE_PREFIX)
                    && !name.startsWith("CONTREE_MCP_")
                    && !OF_CLIENTS.contains(name)) {
                variables.put(name, value);
            }
        });
        String fileVariable = Keys.VARIABLE_PREFIX + "CONFIG";
        String file = flags.getOrDefault(FILE, variables.getOrDefault(fileVariable, ""));
        Sources sources = new Sources();
        if (!file.isEmpty()) {
            sources.add(read(Path.of(file)), "in " + file, name -> name, Set.of());
        }
        sources.add(variables, "in the environment", name -> byName(name).variable(), Set.of(fileVariable));
        sources.add(flags, "on the command line", name -> name, Set.of(FILE));
        return sources;
    }

    private static Key<?> byName(String name) {
        return Keys.all().stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException("cannot read the configuration " + file + ": " + FileProblem.of(e));
        }
        Map<String, String> values = new LinkedHashMap<>();
        properties.stringPropertyNames().stream()
                .sorted()
                .forEach(name -> values.put(name, properties.getProperty(name)));
        return values;
    }

    private void add(Map<String, String> values, String where, UnaryOperator<String> spelling, Set<String> skipped) {
        Map<String, String> names = new HashMap<>();
        Keys.all().forEach(key -> names.put(spelling.apply(key.name()), key.name()));
        values.forEach((name, value) -> {
            if (!skipped.contains(name)) {
                String key = names.get(name);
                if (key == null) {
                    throw unknown(name, where, names.keySet());
                }
                given.put(key, new Given(value, name + " " + where));
            }
        });
    }

    private static ConfigException unknown(String name, String where, Collection<String> names) {
        List<String> known = names.stream().sorted().toList();
        return new ConfigException("unknown setting " + name + " " + where
                + Suggestion.nearest(name, known)
                        .map(meant -> "; did you mean " + meant + "?")
                        .orElse("; there are " + String.join(", ", known)));
    }

    <T> T get(Key<T> key) {
        Given value = given.getOrDefault(key.name(), new Given(key.fallback(), key.name() + " by default"));
        try {
            return key.parser().apply(value.value().strip());
        } catch (UnusableValueException e) {
            throw new ConfigException("setting " + value.from() + " is '" + value.value() + "'; " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    "setting " + value.from() + " is '" + value.value() + "'; allowed is " + key.allowed());
        }
    }
}
