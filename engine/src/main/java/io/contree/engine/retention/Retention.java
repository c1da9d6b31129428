package io.contree.engine.retention;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is kept of a project's things. In words: {@code none}, or rules separated by commas, each a kind and its limits, such as
 * {@code images=30d/10000/100GiB,uploads=7d,operations=90d,logs=30d}. Whatever is beyond any limit of its kind goes, what was used
 * longest ago first; what has a tag or a pin, or is being worked on, stays and counts.
 */
public record Retention(Map<Kind, Limits> rules) {
    public static final Retention NONE = new Retention(Map.of());

    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
    private static final Pattern AGE = Pattern.compile("([1-9][0-9]{0,8})(s|m|h|d)");
    private static final Pattern BYTES = Pattern.compile("([1-9][0-9]{0,11})(B|KiB|MiB|GiB|TiB)");
    private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,11}");

    /** What a rule is about. */
    public enum Kind {
        IMAGES,
        UPLOADS,
        /** Records of ended operations, with their event logs. */
        OPERATIONS,
        /** Event logs of ended operations, whose records stay. */
        LOGS;

        /** Its name in the words of a rule and on the wire. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The limits of one kind, at least one of them. The age counts from the last use. */
    public record Limits(Optional<Duration> age, OptionalLong count, OptionalLong bytes) {}

    public Retention {
        Map<Kind, Limits> sorted = new EnumMap<>(Kind.class);
        sorted.putAll(rules);
        rules = Collections.unmodifiableMap(sorted);
    }

    public Optional<Limits> of(Kind kind) {
        return Optional.ofNullable(rules.get(kind));
    }

    /** @throws IllegalArgumentException that says what is wrong and what there is */
    public static Retention parse(String words) {
        if (words.strip().equals("none")) {
            return NONE;
        }
        Map<Kind, Limits> rules = new EnumMap<>(Kind.class);
        for (String rule : words.split(",", -1)) {
            String[] parts = rule.strip().split("=", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException(
                        "\"" + rule.strip() + "\" is not a rule such as images=30d/10000/100GiB");
            }
            if (rules.put(kind(parts[0].strip()), limits(parts[1].strip())) != null) {
                throw new IllegalArgumentException("there are two rules for " + parts[0].strip());
            }
        }
        return new Retention(rules);
    }

    private static Kind kind(String word) {
        return Stream.of(Kind.values())
                .filter(kind -> kind.word().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("\"" + word + "\" is nothing that a rule can be about: there are "
                                + Stream.of(Kind.values()).map(Kind::word).collect(Collectors.joining(", "))));
    }

    private static Limits limits(String words) {
        Optional<Duration> age = Optional.empty();
        OptionalLong count = OptionalLong.empty();
        OptionalLong bytes = OptionalLong.empty();
        for (String word : words.split("/", -1)) {
            Matcher aged = AGE.matcher(word);
            Matcher sized = BYTES.matcher(word);
            if (aged.matches() && age.isEmpty()) {
                age = Optional.of(duration(Long.parseLong(aged.group(1)), aged.group(2)));
            } else if (sized.matches() && bytes.isEmpty()) {
                bytes = OptionalLong.of(bytes(Long.parseLong(sized.group(1)), sized.group(2)));
            } else if (COUNT.matcher(word).matches() && count.isEmpty()) {
                count = OptionalLong.of(Long.parseLong(word));
            } else {
                throw new IllegalArgumentException("\"" + word + "\" in \"" + words
                        + "\" is not an age such as 30d, a number, or a size such as 100GiB, each at most once");
            }
        }
        return new Limits(age, count, bytes);
    }

    private static Duration duration(long amount, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static long bytes(long amount, String unit) {
        return Math.multiplyExact(amount, 1L << (10 * UNITS.indexOf(unit)));
    }

    /** The words that {@link #parse} takes for it. */
    @Override
    public String toString() {
        return rules.isEmpty()
                ? "none"
                : rules.entrySet().stream()
                        .map(rule -> rule.getKey().word() + "=" + words(rule.getValue()))
                        .collect(Collectors.joining(","));
    }

    private static String words(Limits limits) {
        return Stream.of(
                        limits.age().map(Retention::words),
                        limits.count().isPresent()
                                ? Optional.of(Long.toString(limits.count().getAsLong()))
                                : Optional.<String>empty(),
                        limits.bytes().isPresent()
                                ? Optional.of(sizeWords(limits.bytes().getAsLong()))
                                : Optional.<String>empty())
                .flatMap(Optional::stream)
                .collect(Collectors.joining("/"));
    }

    private static String words(Duration age) {
        long seconds = age.toSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static String sizeWords(long bytes) {
        int unit = Math.min(UNITS.size() - 1, Long.numberOfTrailingZeros(bytes) / 10);
        return (bytes >> (10 * unit)) + UNITS.get(unit);
    }
}
