package io.contree.engine;

import io.contree.sandbox.ExitStatus;

/** How the main process of a run ended. */
sealed interface MainEnd {
    /** By itself, by a signal or at its deadline. */
    record Exited(ExitStatus status) implements MainEnd {}

    /** It never ran. */
    record SpawnFailed(String reason) implements MainEnd {}

    /** Nobody can say how it did. */
    record Lost(String reason) implements MainEnd {}
}
