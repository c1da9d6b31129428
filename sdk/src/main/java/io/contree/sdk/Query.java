package io.contree.sdk;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Builds a path with its query, encoded. */
final class Query {
    private final StringBuilder text;
    private char separator = '?';

    Query(String path) {
        this.text = new StringBuilder(path);
    }

    Query with(String name, Object value) {
        text.append(separator).append(name).append('=').append(encode(value.toString()));
        separator = '&';
        return this;
    }

    Query with(String name, Optional<?> value) {
        value.ifPresent(present -> with(name, present));
        return this;
    }

    /** A flag: there or not. */
    Query flag(String name, boolean set) {
        return set ? with(name, "1") : this;
    }

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
