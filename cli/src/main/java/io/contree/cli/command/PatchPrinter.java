package io.contree.cli.command;

import io.contree.cli.terminal.Style;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Passes a patch on as it comes, its bytes untouched, with colours around its lines if they are wanted. */
final class PatchPrinter {
    private static final int BUFFER = 64 << 10;

    private final Style style;
    private final StringBuilder line = new StringBuilder();
    private boolean any;

    PatchPrinter(Style style) {
        this.style = style;
    }

    /** Whether there was anything to print. */
    boolean any() {
        return any;
    }

    void print(InputStream patch, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = patch.read(buffer); read > 0; read = patch.read(buffer)) {
            any = true;
            if (style == Style.PLAIN) {
                out.write(buffer, 0, read);
                continue;
            }
            for (char one : new String(buffer, 0, read, StandardCharsets.ISO_8859_1).toCharArray()) {
                if (one == '\n') {
                    end("\n", out);
                } else {
                    line.append(one);
                }
            }
        }
        end("", out);
    }

    private void end(String newline, OutputStream out) throws IOException {
        out.write((coloured(line.toString()) + newline).getBytes(StandardCharsets.ISO_8859_1));
        line.setLength(0);
    }

    private String coloured(String text) {
        if (text.startsWith("diff --git ") || text.startsWith("--- ") || text.startsWith("+++ ")) {
            return style.strong(text);
        }
        return switch (text.isEmpty() ? ' ' : text.charAt(0)) {
            case '+' -> style.good(text);
            case '-' -> style.bad(text);
            case '@' -> style.name(text);
            default -> text;
        };
    }
}
