package io.contree.sdk.session;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A branch of a session.
 *
 * @param head its newest step
 * @param atWork the run whose end it waits for
 */
public record Branch(int head, @Nullable AtWork atWork) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,99}");

    /** A run that was started and whose end is not recorded yet. */
    public record AtWork(UUID operation, String commandLine, Instant since) {
        public AtWork {
            Objects.requireNonNull(operation, "a run at work has no operation");
            Objects.requireNonNull(commandLine, "a run at work has no command");
            since = Objects.requireNonNull(since, "a run at work has no time").truncatedTo(ChronoUnit.MICROS);
        }
    }

    static String checkedName(String name) {
        Objects.requireNonNull(name, "name");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a branch is named by 1 to 100 of A-Z a-z 0-9 . _ / - and begins with"
                    + " a letter or a digit; this is \"" + name + "\"");
        }
        return name;
    }

    boolean waitsFor(UUID operation) {
        return atWork != null && atWork.operation().equals(operation);
    }
}
