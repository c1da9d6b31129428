package io.contree.sdk;

/** Starts runs in its own way: on an image of its choice, when it sees fit. Safe for use by many threads. */
@FunctionalInterface
public interface Launcher {
    /** Starts this run, or another in its place; {@link Run#on} gives one that is started by nobody else. */
    Execution launch(Run run);
}
