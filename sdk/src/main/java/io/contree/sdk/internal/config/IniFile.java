package io.contree.sdk.internal.config;

import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.InternalException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sections of keys and values, read as Python's {@code configparser} reads them, since the same files serve the Python
 * clients: keys in any case, {@code =} or {@code :}, comment lines, indented continuation lines, {@code %(key)s}, and a
 * section DEFAULT that every other one inherits.
 */
final class IniFile {
    private static final String DEFAULT = "DEFAULT";
    /** Deeper references than this are taken for a circle, as Python does. */
    private static final int MAX_REFERENCES = 10;

    private final Map<String, Map<String, String>> sections = new LinkedHashMap<>();

    /** Reads files in order, later ones over earlier ones; files that are not there are left out. */
    static IniFile read(Path... files) {
        IniFile ini = new IniFile();
        for (Path file : files) {
            if (Files.isRegularFile(file)) {
                try {
                    ini.parse(file, Files.readAllLines(file));
                } catch (IOException e) {
                    throw new InternalException(
                            Kind.CONFIGURATION, "could not read the profile file " + file + ": " + e);
                }
            }
        }
        return ini;
    }

    boolean hasSection(String name) {
        return sections.containsKey(name);
    }

    Iterable<String> sections() {
        return sections.keySet().stream().filter(name -> !name.equals(DEFAULT)).toList();
    }

    /** A value of a section or of DEFAULT, with references filled in. */
    Optional<String> get(String section, String key) {
        return Optional.ofNullable(raw(section, key)).map(value -> interpolate(section, value, 0));
    }

    Optional<String> getDefault(String key) {
        return get(DEFAULT, key);
    }

    private @Nullable String raw(String section, String key) {
        String own = sections.getOrDefault(section, Map.of()).get(key);
        return own != null ? own : sections.getOrDefault(DEFAULT, Map.of()).get(key);
    }

    private String interpolate(String section, String value, int depth) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (int percent = value.indexOf('%'); percent >= 0; percent = value.indexOf('%', at)) {
            out.append(value, at, percent);
            int end = value.indexOf(")s", percent);
            if (value.startsWith("%%", percent)) {
                out.append('%');
                at = percent + 2;
            } else if (value.startsWith("%(", percent) && end > 0 && depth < MAX_REFERENCES) {
                String key = value.substring(percent + 2, end).toLowerCase(Locale.ROOT);
                String referred = raw(section, key);
                if (referred == null) {
                    throw new InternalException(
                            Kind.CONFIGURATION, "[" + section + "] refers to " + key + ", which is not there");
                }
                out.append(interpolate(section, referred, depth + 1));
                at = end + 2;
            } else {
                throw new InternalException(
                        Kind.CONFIGURATION,
                        "[" + section + "] has a single % in a value of a profile file; write it as %%");
            }
        }
        return out.append(value, at, value.length()).toString();
    }

    private void parse(Path file, Iterable<String> lines) {
        Map<String, String> section = null;
        String key = null;
        int number = 0;
        for (String line : lines) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#") || text.startsWith(";")) {
                continue;
            }
            if (key != null && section != null && Character.isWhitespace(line.charAt(0))) {
                section.merge(key, text, (head, tail) -> head + "\n" + tail);
            } else if (text.startsWith("[") && text.indexOf(']') > 0) {
                section = sections.computeIfAbsent(text.substring(1, text.indexOf(']')), name -> new LinkedHashMap<>());
                key = null;
            } else {
                int end = delimiter(text);
                if (section == null || end < 1) {
                    throw new InternalException(
                            Kind.CONFIGURATION,
                            file + ", line " + number
                                    + " is neither a [section] nor key = value; correct or remove it");
                }
                key = text.substring(0, end).strip().toLowerCase(Locale.ROOT);
                section.put(key, text.substring(end + 1).strip());
            }
        }
    }

    private static int delimiter(String text) {
        int equal = text.indexOf('=');
        int colon = text.indexOf(':');
        return equal < 0 || (colon >= 0 && colon < equal) ? colon : equal;
    }
}
