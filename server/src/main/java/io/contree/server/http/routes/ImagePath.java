package io.contree.server.http.routes;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.linux.RawPath;
import io.contree.server.http.exchange.RequestLog;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Raw paths inside an image as clients name them. */
final class ImagePath {
    private static final int MAX_LENGTH = 4095;

    private ImagePath() {}

    /**
     * The path that is meant: {@code ~} is root's home, anything else relative is relative to {@code /}.
     *
     * @throws ContreeException INVALID_ARGUMENT for what cannot be a path
     */
    static RawPath of(RawPath asked) {
        String given = asked.raw();
        if (given.indexOf('\0') >= 0 || given.length() > MAX_LENGTH) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "parameter 'path' is " + shown(asked) + "; allowed is a path of at most " + MAX_LENGTH
                            + " bytes without NUL");
        }
        if (given.equals("~") || given.startsWith("~/")) {
            return new RawPath("/root" + given.substring(1));
        }
        return new RawPath(given.startsWith("/") ? given : "/" + given);
    }

    /** An entry's path as people write it: the store names entries from the root of the tree. */
    static String absolute(RawPath entry) {
        return "/" + entry;
    }

    /** The bytes of a name or path as Base64; null if they are UTF-8, and so its text has all of it. */
    static @Nullable String base64(RawPath path) {
        boolean isText = RawPath.of(path.toString()).equals(path);
        return isText ? null : Base64.getEncoder().encodeToString(path.bytes());
    }

    static String shown(RawPath path) {
        String text = RequestLog.printable(path.toString());
        return "'" + (text.length() <= 200 ? text : text.substring(0, 200) + "…") + "'";
    }

    /** A file name for the archive of a path: {@code bin_true.tar} for {@code /bin/true}. */
    static String archiveName(RawPath path) {
        String name = path.raw().replaceAll("^/+|/+$", "").replaceAll("[^A-Za-z0-9._-]", "_");
        return (name.isEmpty() ? "root" : name) + ".tar";
    }
}
