package io.contree.sdk.session;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A state in the history of a session, and the run that led to it.
 *
 * @param id identifies the step within its session
 * @param parent the step before it; -1 for the image that the session began with
 * @param image the state
 * @param run what led to it; null for the image that the session began with
 * @param at when the run was accepted by the client's clock, or when the session began
 */
public record Step(int id, int parent, UUID image, @Nullable Ran run, Instant at) {
    /**
     * How a run ended.
     *
     * @param commandLine for people; cut if it is long
     * @param exitCode -1 if a signal ended it
     */
    public record Ran(UUID operation, String commandLine, int exitCode) {
        public Ran {
            Objects.requireNonNull(operation, "a step has no operation");
            Objects.requireNonNull(commandLine, "a step has no command");
        }
    }

    public Step {
        Objects.requireNonNull(image, "a step has no image");
        at = Objects.requireNonNull(at, "a step has no time").truncatedTo(ChronoUnit.MICROS);
        if (id < 0 || parent < -1 || parent >= id) {
            throw new IllegalArgumentException("step " + id + " cannot follow step " + parent);
        }
    }

    /** What was run; empty for the image that the session began with. */
    public Optional<String> command() {
        return Optional.ofNullable(run).map(Ran::commandLine);
    }

    /** The exit code, -1 if a signal ended the run, 0 for the image that the session began with. */
    public int exitCode() {
        return run == null ? 0 : run.exitCode();
    }
}
