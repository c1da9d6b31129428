package io.contree.engine.history;

import io.contree.api.ProcessRequest;
import java.util.regex.Pattern;

/** A command as people type it, for those who read the lineage. */
public final class CommandLine {
    /** Characters that are kept of one. */
    public static final int LONGEST = 1000;

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

    private CommandLine() {}

    /** Its first {@value #LONGEST} characters; arguments are quoted where a shell needs it. */
    public static String of(ProcessRequest request) {
        StringBuilder line = new StringBuilder(request.command());
        for (String argument : request.args()) {
            if (line.length() > LONGEST) {
                break;
            }
            line.append(' ').append(quoted(argument));
        }
        if (line.length() > LONGEST) {
            line.setLength(Character.isHighSurrogate(line.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST);
        }
        return line.toString();
    }

    private static String quoted(String argument) {
        return PLAIN.matcher(argument).matches() ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
