package io.contree.cli.terminal;

import io.contree.api.LimitReached;
import io.contree.api.RunOutcome;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The limits that a run met, a line each. Cut output was reported while it came; a full disk is the operation's error.
 */
public final class MetLimits {
    private MetLimits() {}

    public static List<String> lines(Optional<RunOutcome> outcome) {
        return outcome.map(RunOutcome::limits).orElse(List.of()).stream()
                .flatMap(reached -> text(reached).stream())
                .map(text -> "contree: " + text)
                .toList();
    }

    private static Optional<String> text(LimitReached reached) {
        return switch (reached.limit()) {
            case MEMORY ->
                Optional.of("out of memory: the kernel killed " + killed(reached.count())
                        + " at the run's memory limit of " + size(reached.allowed()) + " (peak "
                        + size(reached.peak()) + ")");
            case PIDS ->
                Optional.of("out of processes: " + refused(reached.count()) + " at the run's limit of "
                        + reached.allowed() + " processes and threads");
            case TIME ->
                Optional.of("out of time: the command was ended at its timeout of " + seconds(reached.allowed())
                        + " s, after " + seconds(reached.peak()) + " s; the state it left is kept");
            case OUTPUT, DISK, OTHER -> Optional.empty();
        };
    }

    private static String killed(@Nullable Long count) {
        return count == null || count == 1 ? "a process" : count + " processes";
    }

    private static String refused(@Nullable Long count) {
        if (count == null) {
            return "no more could start";
        }
        return count == 1 ? "a new one was refused" : count + " new ones were refused";
    }

    private static String size(long bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + " MiB" : Bytes.text(bytes);
    }

    private static String seconds(long millis) {
        return millis % 1000 == 0 ? Long.toString(millis / 1000) : String.format(Locale.ROOT, "%.1f", millis / 1000.0);
    }
}
