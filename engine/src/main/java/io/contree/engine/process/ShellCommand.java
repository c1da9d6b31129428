package io.contree.engine.process;

import io.contree.engine.request.FrameLimit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The arguments of a shell that is to read an expression. Linux takes at most 128 KiB for one argument, so a longer expression goes
 * in pieces, which the shell puts together again: {@code eval} runs the whole as {@code -c} would have, with the same {@code $0}, the
 * same standard input and no arguments left. The text stays where that of {@code -c} is, in the arguments of one process.
 */
final class ShellCommand {
    private static final Set<String> OF_BOURNES_FAMILY =
            Set.of("sh", "ash", "bash", "dash", "ksh", "ksh93", "lksh", "mksh", "oksh", "posh", "rbash", "yash", "zsh");

    private ShellCommand() {}

    /** A shell of another family gets even a long expression in one piece, which it then cannot be started with. */
    static List<String> of(String shell, String expression) {
        boolean fits =
                expression.length() <= FrameLimit.LONGEST_STRING / 3 || bytes(expression) <= FrameLimit.LONGEST_STRING;
        if (fits || !OF_BOURNES_FAMILY.contains(shell.substring(shell.lastIndexOf('/') + 1))) {
            return List.of(shell, "-c", expression);
        }
        List<String> pieces = pieces(expression);
        StringBuilder eval = new StringBuilder("eval \"shift " + pieces.size() + ";");
        for (int i = 1; i <= pieces.size(); i++) {
            eval.append("${").append(i).append('}');
        }
        List<String> argv =
                new ArrayList<>(List.of(shell, "-c", eval.append('"').toString(), shell));
        argv.addAll(pieces);
        return argv;
    }

    /** Cut between characters, for each piece is encoded by itself. */
    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int begin = 0;
        int size = 0;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int bytes = bytes(text.codePointAt(at));
            if (size + bytes > FrameLimit.LONGEST_STRING) {
                pieces.add(text.substring(begin, at));
                begin = at;
                size = 0;
            }
            size += bytes;
        }
        pieces.add(text.substring(begin));
        return pieces;
    }

    private static int bytes(int codePoint) {
        if (codePoint < 0x800) {
            return codePoint < 0x80 ? 1 : 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
