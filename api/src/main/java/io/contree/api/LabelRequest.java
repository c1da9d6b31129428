package io.contree.api;

import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * What is to be noted on an image ({@code PATCH /v1/images/{uuid}/labels}).
 *
 * @param labels new values by name; empty for a label that goes
 * @param note replaces the one that there was; an empty one just takes it away
 */
public record LabelRequest(SortedMap<String, Optional<String>> labels, Optional<String> note) {
    /** Labels that an image may have. */
    public static final int MOST = 64;

    /** The rule for names, for messages. */
    public static final String NAME_SYNTAX =
            "a name of letters, digits, '_', '-' and '.', starting with a letter or digit, up to 64 characters";

    private static final int LONGEST_VALUE = 256;
    private static final int LONGEST_NOTE = 4096;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    /** @throws ContreeException INVALID_ARGUMENT with the field that breaks a rule */
    public LabelRequest {
        if (labels.isEmpty() && note.isEmpty()) {
            throw new ContreeException(ErrorCode.INVALID_ARGUMENT, "there is nothing to note; give labels or a note");
        }
        labels.forEach((name, value) -> {
            if (!isName(name)) {
                throw JsonFields.invalid("labels", "naming '" + name + "'", NAME_SYNTAX);
            }
            value.ifPresent(text -> check("labels." + name, text, LONGEST_VALUE));
        });
        note.ifPresent(text -> check("note", text, LONGEST_NOTE));
    }

    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private static void check(String field, String text, int longest) {
        if (text.length() > longest || !WireText.isValid(text)) {
            throw JsonFields.invalid(
                    field,
                    text.length() > 80 ? text.length() + " characters long" : "\"" + text + "\"",
                    WireText.ALLOWED + ", up to " + longest + " characters");
        }
    }

    /** Reads what clients send; a number is taken as it is written, and null takes a label away. */
    public static LabelRequest parse(JsonFields fields) {
        return new LabelRequest(
                fields.map("labels", (name, value) -> {
                    if (value != null && !value.isString() && !value.isNumber()) {
                        throw JsonFields.invalid("labels." + name, "of another type", "a string, a number, or null");
                    }
                    return value == null ? Optional.empty() : Optional.of(value.asString());
                }),
                fields.string("note"));
    }
}
