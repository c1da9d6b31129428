package io.contree.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a JSON object from outside. Null counts as absent, and keys that nobody asks for are ignored. A value
 * that does not fit is an INVALID_ARGUMENT that names the field, what was given and what is allowed.
 */
public final class JsonFields {
    private final JsonNode object;
    private final String path;

    private JsonFields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    static JsonFields of(JsonNode node, String path) {
        if (!node.isObject()) {
            throw path.isEmpty()
                    ? new ContreeException(
                            ErrorCode.INVALID_ARGUMENT, "the body is " + shown(node) + "; a JSON object is needed")
                    : invalid(path, shown(node), "an object");
        }
        return new JsonFields(node, path);
    }

    static ContreeException invalid(String field, String given, String allowed) {
        return new ContreeException(
                ErrorCode.INVALID_ARGUMENT, "field '" + field + "' is " + given + "; allowed is " + allowed);
    }

    /** A failure of a field of this object. */
    public ContreeException invalid(String name, String allowed) {
        JsonNode node = get(name);
        return node == null
                ? new ContreeException(
                        ErrorCode.INVALID_ARGUMENT, "field '" + at(name) + "' is missing; give " + allowed)
                : invalid(at(name), shown(node), allowed);
    }

    public boolean has(String name) {
        return get(name) != null;
    }

    /** A string without NUL or lone surrogates. */
    public Optional<String> string(String name) {
        JsonNode node = get(name);
        if (node == null) {
            return Optional.empty();
        }
        if (!node.isString() || !WireText.isValid(node.stringValue())) {
            throw invalid(name, WireText.ALLOWED);
        }
        return Optional.of(node.stringValue());
    }

    /** As {@link #string}, but it must be there and not be empty. */
    public String requiredString(String name) {
        return string(name).filter(text -> !text.isEmpty()).orElseThrow(() -> invalid(name, "a non-empty string"));
    }

    public boolean flag(String name, boolean absent) {
        JsonNode node = get(name);
        if (node == null) {
            return absent;
        }
        if (!node.isBoolean()) {
            throw invalid(name, "true or false");
        }
        return node.booleanValue();
    }

    /** A whole number; above {@code max} it is taken as {@code max}. */
    public long capped(String name, long min, long max, long absent) {
        return Math.min(number(name, min, Long.MAX_VALUE, absent), max);
    }

    /** A whole number in a range, even if written as a decimal such as 5.0. */
    public long number(String name, long min, long max, long absent) {
        JsonNode node = get(name);
        if (node == null) {
            return absent;
        }
        String allowed = max == Long.MAX_VALUE
                ? "a whole number from " + min + " on"
                : "a whole number from " + min + " to " + max;
        if (!node.isNumber() || node.doubleValue() != Math.rint(node.doubleValue())) {
            throw invalid(name, allowed);
        }
        // The double saturates: 1e300 becomes the largest long.
        long value = node.canConvertToLong() && node.isIntegralNumber() ? node.longValue() : (long) node.doubleValue();
        if (value < min || value > max) {
            throw invalid(name, allowed);
        }
        return value;
    }

    public Optional<JsonFields> object(String name) {
        JsonNode node = get(name);
        return node == null ? Optional.empty() : Optional.of(of(node, at(name)));
    }

    /** Strings without NUL or lone surrogates. */
    public List<String> strings(String name) {
        JsonNode node = get(name);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray()) {
            throw invalid(name, "a list of strings");
        }
        List<String> strings = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            if (!element.isString() || !WireText.isValid(element.stringValue())) {
                throw invalid(at(name) + "[" + strings.size() + "]", shown(element), WireText.ALLOWED);
            }
            strings.add(element.stringValue());
        }
        return strings;
    }

    /** An object used as a map, sorted by key; {@code value} gets a null value as null. */
    public <T> SortedMap<String, T> map(String name, BiFunction<String, @Nullable JsonNode, T> value) {
        SortedMap<String, T> map = new TreeMap<>();
        JsonNode node = get(name);
        if (node == null) {
            return map;
        }
        if (!node.isObject()) {
            throw invalid(name, "an object");
        }
        for (var entry : node.properties()) {
            JsonNode element = entry.getValue();
            map.put(entry.getKey(), value.apply(entry.getKey(), element.isNull() ? null : element));
        }
        return map;
    }

    @Nullable
    JsonNode get(String name) {
        JsonNode node = object.get(name);
        return node == null || node.isNull() ? null : node;
    }

    String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** What a field holds, as messages show it. */
    static String shown(JsonNode node) {
        if (node.isObject()) {
            return "an object";
        }
        if (node.isArray()) {
            return "a list";
        }
        String text = node.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
