package io.contree.server.http.exchange;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.Uuids;
import io.contree.engine.Page;
import io.contree.linux.RawPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A query's parameters, form style: {@code +} is a space. The first of a repeated one counts, except in {@link #all}.
 */
public final class Query {
    private final Map<String, List<RawPath>> raw = new LinkedHashMap<>();

    /**
     * Decodes a query.
     *
     * @param text what follows the question mark
     */
    public Query(String text) {
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (!name.isEmpty()) {
                raw.computeIfAbsent(Percent.decode(name, true), key -> new ArrayList<>())
                        .add(new RawPath(Percent.decode(value, true)));
            }
        }
    }

    public boolean has(String name) {
        return raw.containsKey(name);
    }

    /** The bytes of a value, as paths inside an image are. */
    public Optional<RawPath> raw(String name) {
        return all(name).stream().findFirst();
    }

    /** The bytes of every value of a parameter that may be repeated, in order. */
    public List<RawPath> all(String name) {
        return raw.getOrDefault(name, List.of());
    }

    public Optional<String> text(String name) {
        return raw(name).map(RawPath::toString);
    }

    /** A value that is present and not empty. */
    public Optional<String> nonEmpty(String name) {
        return text(name).filter(text -> !text.isEmpty());
    }

    /** A value that is meant: SDKs before 0.2 send {@code None} for what is absent. */
    public Optional<String> given(String name) {
        return nonEmpty(name).filter(text -> !text.equals("None"));
    }

    /** Present without a value is true. */
    public boolean flag(String name) {
        return text(name)
                .filter(text -> !text.equals("None"))
                .map(value -> switch (value.toLowerCase(Locale.ROOT)) {
                    case "", "1", "true" -> true;
                    case "0", "false" -> false;
                    default -> throw invalid(name, value, "1, 0, or nothing, which is 1");
                })
                .orElse(false);
    }

    /** Like {@link #flag}, for a parameter that anything but 0 sets. */
    public boolean unlessZero(String name) {
        return text(name)
                .filter(value -> !Set.of("none", "0", "false").contains(value.toLowerCase(Locale.ROOT)))
                .isPresent();
    }

    public Optional<UUID> uuid(String name) {
        return given(name).map(value -> Uuids.parse(value).orElseThrow(() -> invalid(name, value, "a UUID")));
    }

    public OptionalLong integer(String name) {
        Optional<String> value = given(name);
        return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(parse(name, value.get()));
    }

    /**
     * A whole number from 1 up.
     *
     * @param usual where it is not given
     */
    public int count(String name, int usual, int most) {
        long count = integer(name).orElse(usual);
        if (count < 1 || count > most) {
            throw invalid(name, Long.toString(count), "a whole number from 1 to " + most);
        }
        return (int) count;
    }

    /** A whole number in a parameter or header. */
    public static long parse(String name, String value) {
        try {
            return Long.parseLong(value.strip());
        } catch (NumberFormatException e) {
            throw invalid(name, value, "a whole number");
        }
    }

    /** A constant of an enum by its name on the wire, in any case. */
    public <E extends Enum<E>> Optional<E> constant(String name, Class<E> type, Function<E, String> wire) {
        return given(name)
                .map(value -> Stream.of(type.getEnumConstants())
                        .filter(constant -> wire.apply(constant).equalsIgnoreCase(value))
                        .findFirst()
                        .orElseThrow(() -> invalid(
                                name,
                                value,
                                "one of "
                                        + Stream.of(type.getEnumConstants())
                                                .map(wire)
                                                .toList())));
    }

    public Page page() {
        long limit = integer("limit").orElse(Page.DEFAULT.limit());
        long offset = integer("offset").orElse(0);
        if (limit < 1 || limit > 1000) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT, "limit is " + limit + "; it must be between 1 and 1000");
        }
        if (offset < 0) {
            throw new ContreeException(ErrorCode.INVALID_ARGUMENT, "offset is " + offset + "; it must be 0 or more");
        }
        return new Page((int) limit, (int) Math.min(offset, Integer.MAX_VALUE));
    }

    public static ContreeException invalid(String name, String given, String allowed) {
        String shown = given.length() <= 80 ? given : given.substring(0, 80) + "…";
        return new ContreeException(
                ErrorCode.INVALID_ARGUMENT, "parameter '" + name + "' is '" + shown + "'; allowed is " + allowed);
    }
}
