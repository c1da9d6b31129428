package io.contree.sdk.internal.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Builds a path with its query, encoded. */
public final class Query {
    private final StringBuilder text;
    private char separator = '?';

    public Query(String path) {
        this.text = new StringBuilder(path);
    }

    public Query with(String name, Object value) {
        text.append(separator)
                .append(name)
                .append('=')
                .append(encode(Objects.requireNonNull(value, name).toString()));
        separator = '&';
        return this;
    }

    public static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
