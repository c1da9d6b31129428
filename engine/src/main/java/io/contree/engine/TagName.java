package io.contree.engine;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import java.util.regex.Pattern;

/** The syntax of tags: words, parted by one of {@code : / .}, such as {@code 127.0.0.1:5000/team/app:1.2}. */
final class TagName {
    private static final int MAX_LENGTH = 256;
    private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*+([:/.][A-Za-z0-9_-]++)*+");

    private TagName() {}

    /** Returns the tag; INVALID_ARGUMENT if it is malformed. */
    static String check(String tag) {
        if (tag.length() > MAX_LENGTH || !SYNTAX.matcher(tag).matches()) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "\"" + (tag.length() > 80 ? tag.substring(0, 80) + "…" : tag) + "\" is no tag: use up to "
                            + MAX_LENGTH
                            + " characters, letters, digits, _ and - in words parted by one of : / . such as team/app:1.2");
        }
        return tag;
    }
}
