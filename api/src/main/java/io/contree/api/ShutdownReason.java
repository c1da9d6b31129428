package io.contree.api;

/** Why a sandbox ended, as {@link EventType#SHUTDOWN} gives it. */
public enum ShutdownReason {
    /** The command ended by itself. */
    JOB_COMPLETE,
    /** It was ended at its timeout. */
    TIMEOUT,
    /** It never ran. */
    SPAWN_FAILED,
    /** A signal ended the command, or somebody or something ended its sandbox. */
    SIGNAL,
    /** The kernel killed the command for lack of memory. */
    OUT_OF_MEMORY,
    /** Sent by a newer server and unknown to this version. */
    OTHER;

    /** The name on the wire. */
    public String wire() {
        return WireName.of(this);
    }

    /** The reason with this name on the wire. */
    public static ShutdownReason of(String wire) {
        return WireName.read(ShutdownReason.class, wire, OTHER);
    }
}
