package io.contree.server.http.routes;

import java.util.stream.Stream;

/** The type bits of a {@code st_mode}. */
public enum FileType {
    FIFO(0010000, 'p'),
    CHARACTER_DEVICE(0020000, 'c'),
    DIRECTORY(0040000, 'd'),
    BLOCK_DEVICE(0060000, 'b'),
    REGULAR(0100000, '-'),
    SYMLINK(0120000, 'l'),
    SOCKET(0140000, 's');

    private static final int MASK = 0170000;

    private final int bits;
    private final char letter;

    FileType(int bits, char letter) {
        this.bits = bits;
        this.letter = letter;
    }

    /** The type of an entry of a tree, which has one of these. */
    static FileType of(int mode) {
        return Stream.of(values())
                .filter(type -> type.is(mode))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no entry has the mode " + mode));
    }

    public boolean is(int mode) {
        return (mode & MASK) == bits;
    }

    /** Type and permissions as {@code ls -l} shows them. */
    static String symbolic(int mode) {
        StringBuilder text = new StringBuilder(10);
        text.append(of(mode).letter);
        for (int shift = 6; shift >= 0; shift -= 3) {
            int bits = mode >> shift;
            text.append((bits & 4) == 0 ? '-' : 'r').append((bits & 2) == 0 ? '-' : 'w');
            text.append((bits & 1) == 0 ? '-' : 'x');
        }
        mark(text, 3, (mode & 04000) != 0, 's');
        mark(text, 6, (mode & 02000) != 0, 's');
        mark(text, 9, (mode & 01000) != 0, 't');
        return text.toString();
    }

    private static void mark(StringBuilder text, int at, boolean set, char mark) {
        if (set) {
            text.setCharAt(at, text.charAt(at) == 'x' ? mark : Character.toUpperCase(mark));
        }
    }
}
