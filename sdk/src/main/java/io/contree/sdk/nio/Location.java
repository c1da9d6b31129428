package io.contree.sdk.nio;

import io.contree.sdk.internal.nio.RawNames;
import java.net.URI;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which image of which server a URI is about: {@code contree://HOST[:PORT][/PREFIX]/UUID[!/PATH]}.
 *
 * @param server host, port and prefix, such as {@code 127.0.0.1:8642}; empty for the server of the environment
 */
record Location(String server, UUID image) {
    static final String SCHEME = "contree";

    private static final Pattern FORM =
            Pattern.compile("((?:/.*)?)/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})" + "(?:!(/.*)?)?");

    static Location of(ImageTree tree) {
        URI server = tree.server();
        String path = server.getRawPath() == null ? "" : server.getRawPath().replaceAll("/+$", "");
        return new Location(server.getRawAuthority() + path, tree.image());
    }

    /** @throws IllegalArgumentException if it is not such a URI */
    static Location of(URI uri) {
        Matcher matcher = match(uri);
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        return new Location(authority + matcher.group(1), UUID.fromString(matcher.group(2)));
    }

    /** The path that a URI names; the root if it names none. */
    static String pathOf(URI uri) {
        @Nullable String path = match(uri).group(3);
        return path == null ? "/" : RawNames.ofPercent(path);
    }

    private static Matcher match(URI uri) {
        Matcher matcher = FORM.matcher(uri.getRawPath() == null ? "" : uri.getRawPath());
        if (!SCHEME.equalsIgnoreCase(uri.getScheme()) || !matcher.matches()) {
            throw new IllegalArgumentException(
                    uri + " names no image; the form is contree://HOST:PORT/UUID!/path/in/the/image");
        }
        return matcher;
    }

    URI uriOf(ImagePath absolute) {
        return URI.create(SCHEME + "://" + server + "/" + image + "!" + RawNames.percent(absolute.toString()));
    }

    /** The address of the server: unencrypted on this machine only. */
    String baseUrl() {
        String host = URI.create("http://" + server).getHost();
        boolean loopback = "localhost".equals(host)
                || "[::1]".equals(host)
                || String.valueOf(host).startsWith("127.");
        return (loopback ? "http://" : "https://") + server;
    }
}
