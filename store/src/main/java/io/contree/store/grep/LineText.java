package io.contree.store.grep;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as the characters that patterns see, with the way back to byte offsets. A byte that is not UTF-8 is a character
 * of its own, which no pattern can name. Reading it checks the time, which bounds even the slowest pattern.
 */
final class LineText implements CharSequence {
    private static final int CHECKED_EVERY = 256;
    private static final char NO_UTF8 = 0xDC00;

    private final String text;
    private final int @Nullable [] offsets;
    private final Budget budget;
    private int reads;

    private LineText(String text, int @Nullable [] offsets, Budget budget) {
        this.text = text;
        this.offsets = offsets;
        this.budget = budget;
    }

    static LineText of(byte[] bytes, int start, int end, Budget budget) {
        for (int i = start; i < end; i++) {
            if (bytes[i] < 0) {
                return decoded(bytes, start, end, budget);
            }
        }
        return new LineText(new String(bytes, start, end - start, StandardCharsets.ISO_8859_1), null, budget);
    }

    private static LineText decoded(byte[] bytes, int start, int end, Budget budget) {
        StringBuilder text = new StringBuilder(end - start);
        int[] offsets = new int[end - start + 1];
        int i = start;
        while (i < end) {
            int length = Utf8.length(bytes, i, end);
            int before = text.length();
            if (length == 0) {
                text.append((char) (NO_UTF8 + (bytes[i] & 0xFF)));
            } else {
                text.appendCodePoint(Utf8.codePoint(bytes, i, length));
            }
            for (int at = before; at < text.length(); at++) {
                offsets[at] = i - start;
            }
            i += Math.max(1, length);
        }
        offsets[text.length()] = end - start;
        return new LineText(text.toString(), offsets, budget);
    }

    /** The byte that a character starts at; for the end, the length in bytes. */
    int offset(int index) {
        return offsets == null ? index : offsets[index];
    }

    /** The first character that starts at a byte or after it. */
    int index(int offset) {
        if (offsets == null) {
            return Math.min(offset, text.length());
        }
        int index = 0;
        while (index < text.length() && offsets[index] < offset) {
            index++;
        }
        return index;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (++reads % CHECKED_EVERY == 0) {
            budget.checkTime();
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
