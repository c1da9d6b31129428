package io.contree.server.config;

import ch.qos.logback.classic.Level;
import io.contree.engine.DiskReserve;
import io.contree.sandbox.SandboxConfig;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Parsers of values; each throws IllegalArgumentException for a value that it does not take. */
final class Values {
    private static final Pattern ORIGIN = Pattern.compile("https?://[^/\\s,]+");
    private static final Pattern WITH_UNIT = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)\\s*([A-Za-z]*)");
    private static final Map<String, Long> SIZES = Map.of(
            "",
            1L,
            "B",
            1L,
            "KiB",
            1L << 10,
            "MiB",
            1L << 20,
            "GiB",
            1L << 30,
            "TiB",
            1L << 40,
            "KB",
            1_000L,
            "MB",
            1_000_000L,
            "GB",
            1_000_000_000L);
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private Values() {}

    static String text(String value) {
        require(!value.isEmpty());
        return value;
    }

    static Function<String, String> oneOf(String... names) {
        return value -> {
            require(Arrays.asList(names).contains(value));
            return value;
        };
    }

    /** Empty for none. */
    static String fileOrNone(String value) {
        return value.equals("none") ? "" : value;
    }

    static Set<String> origins(String value) {
        if (value.equals("none")) {
            return Set.of();
        }
        Set<String> origins = Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(origin -> !origin.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        require(origins.stream()
                .allMatch(origin -> origin.equals("*") || ORIGIN.matcher(origin).matches()));
        return origins;
    }

    static Path path(String value) {
        return Path.of(text(value)).toAbsolutePath().normalize();
    }

    static List<Path> directories(String value) {
        if (value.equals("none")) {
            return List.of();
        }
        List<Path> directories = Arrays.stream(text(value).split(","))
                .map(directory -> Path.of(text(directory.strip())))
                .toList();
        require(directories.stream().allMatch(Path::isAbsolute));
        return directories.stream().map(Path::normalize).toList();
    }

    static List<String> runtimes(String value) {
        if (value.equals("none")) {
            return List.of();
        }
        List<String> runtimes = Arrays.stream(text(value).split(","))
                .map(runtime -> text(runtime.strip()))
                .distinct()
                .toList();
        require(runtimes.stream()
                .noneMatch(runtime -> runtime.equals(SandboxConfig.AUTO)
                        || SandboxConfig.runtimeName(runtime).isEmpty()));
        return runtimes;
    }

    static boolean flag(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "on", "true", "1" -> true;
            case "off", "false", "0" -> false;
            default -> throw new IllegalArgumentException(value);
        };
    }

    static Function<String, Integer> integer(int min) {
        return value -> {
            int number = Integer.parseInt(value);
            require(number >= min);
            return number;
        };
    }

    static Function<String, Long> number(long min) {
        return value -> {
            long number = Long.parseLong(value);
            require(number >= min);
            return number;
        };
    }

    static Function<String, Integer> integer(int min, int max) {
        return value -> {
            int number = integer(min).apply(value);
            require(number <= max);
            return number;
        };
    }

    static double positive(String value) {
        double number = Double.parseDouble(value);
        require(number > 0 && number < 1_000_000);
        return number;
    }

    /** What a server keeps free: a size, or a part of the disk in percent. */
    static DiskReserve reserve(String value) {
        if (value.equals("auto")) {
            return DiskReserve.DEFAULT;
        }
        if (value.endsWith("%")) {
            double percent = Double.parseDouble(value.substring(0, value.length() - 1));
            require(percent >= 0 && percent <= 50);
            return new DiskReserve(percent / 100, Long.MAX_VALUE);
        }
        return new DiskReserve(1, withUnit(value, SIZES));
    }

    static Function<String, Long> size(long min) {
        return size(min, Long.MAX_VALUE);
    }

    static Function<String, Long> size(long min, long max) {
        return value -> {
            long size = withUnit(value, SIZES);
            require(size >= min && size <= max);
            return size;
        };
    }

    static Function<String, Duration> duration(Duration min) {
        return value -> {
            Duration duration = Duration.ofMillis(withUnit(value, MILLIS));
            require(duration.compareTo(min) >= 0);
            return duration;
        };
    }

    private static long withUnit(String value, Map<String, Long> units) {
        Matcher matcher = WITH_UNIT.matcher(value.strip());
        require(matcher.matches());
        Long unit = units.get(matcher.group(2));
        if (unit == null) {
            throw new IllegalArgumentException(value);
        }
        BigDecimal product = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        require(product.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0);
        return product.longValue();
    }

    static Level level(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "error" -> Level.ERROR;
            case "warn" -> Level.WARN;
            case "info" -> Level.INFO;
            case "debug" -> Level.DEBUG;
            case "trace" -> Level.TRACE;
            default -> throw new IllegalArgumentException(value);
        };
    }

    static void require(boolean fits) {
        if (!fits) {
            throw new IllegalArgumentException();
        }
    }
}
