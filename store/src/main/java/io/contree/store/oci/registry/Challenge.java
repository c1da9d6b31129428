package io.contree.store.oci.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One challenge of a {@code WWW-Authenticate} header (RFC 9110, section 11.6.1).
 *
 * @param scheme in lower case
 * @param parameters by lower-case name
 */
record Challenge(String scheme, Map<String, String> parameters) {
    private static final Pattern PART = Pattern.compile(
            "\\G[\\s,]*(?:([A-Za-z][A-Za-z0-9_-]*)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]++))|([A-Za-z][A-Za-z0-9_-]*)(?=\\s|,|$))");
    private static final int LONGEST = 8192;

    Challenge {
        parameters = Map.copyOf(parameters);
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** All challenges of all header lines; each line is read up to what cannot be parsed. */
    static List<Challenge> parse(List<String> headers) {
        List<Challenge> challenges = new ArrayList<>();
        for (String header : headers) {
            if (header.length() <= LONGEST) {
                parse(header, challenges);
            }
        }
        return challenges;
    }

    private static void parse(String header, List<Challenge> challenges) {
        Matcher part = PART.matcher(header);
        String scheme = "";
        Map<String, String> parameters = new HashMap<>();
        while (part.find()) {
            if (part.group(4) != null) {
                add(challenges, scheme, parameters);
                scheme = part.group(4).toLowerCase(Locale.ROOT);
                parameters = new HashMap<>();
            } else {
                String value =
                        part.group(2) == null ? part.group(3) : part.group(2).replaceAll("\\\\(.)", "$1");
                parameters.putIfAbsent(part.group(1).toLowerCase(Locale.ROOT), value);
            }
        }
        add(challenges, scheme, parameters);
    }

    private static void add(List<Challenge> challenges, String scheme, Map<String, String> parameters) {
        if (!scheme.isEmpty()) {
            challenges.add(new Challenge(scheme, parameters));
        }
    }
}
