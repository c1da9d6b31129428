package io.contree.engine.process;

import io.contree.sandbox.ExitStatus;

/** How a process in a sandbox ended. */
public sealed interface ProcessEnd {
    /** By itself, by a signal or at its deadline. */
    record Exited(ExitStatus status) implements ProcessEnd {}

    /** It never ran. */
    record SpawnFailed(String reason) implements ProcessEnd {}

    /** Nobody can say how it ended. */
    record Lost(String reason) implements ProcessEnd {}
}
