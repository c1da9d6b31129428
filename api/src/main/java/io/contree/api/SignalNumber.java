package io.contree.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** Signals by name or number, as Linux has them on x86-64 and arm64. */
public final class SignalNumber {
    public static final int KILL = 9;

    private static final int MAX = 64;

    /** From 1 on. */
    private static final List<String> NAMES = List.of(
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "IO", "PWR", "SYS");

    private static final Map<String, Integer> OTHERS =
            Map.of("IOT", 6, "CLD", 17, "POLL", 29, "RTMIN", 34, "RTMAX", MAX);

    private SignalNumber() {}

    /** The number of {@code 15}, {@code TERM} or {@code SIGTERM}, in any case; empty if there is no such signal. */
    public static OptionalInt parse(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        if (name.matches("[0-9]{1,3}")) {
            int number = Integer.parseInt(name);
            return number >= 1 && number <= MAX ? OptionalInt.of(number) : OptionalInt.empty();
        }
        String bare = name.startsWith("SIG") ? name.substring(3) : name;
        int number = NAMES.contains(bare) ? NAMES.indexOf(bare) + 1 : OTHERS.getOrDefault(bare, 0);
        return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
