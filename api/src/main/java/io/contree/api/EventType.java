package io.contree.api;

/** What an entry of an operation's log is about. */
public enum EventType {
    /** The sandbox is up. */
    INIT,
    /** A process started. */
    SPAWN,
    /** Bytes that a process was given. */
    STDIN,
    /** Bytes that a process wrote. */
    STDOUT,
    /** Bytes that a process wrote. */
    STDERR,
    /** Bytes of a stream were dropped at its limit. */
    TRUNCATED,
    /** A further process met a limit of its sandbox. */
    LIMIT,
    /** A process ended; nothing more of it follows. */
    EXIT,
    /** The log is full and takes no more bytes of streams. */
    SIZE_CAP,
    /** The kernel killed a process for lack of memory. */
    OOM,
    /** The traffic through the sandbox's interface. */
    NETWORK,
    /** How far an import has got. */
    PROGRESS,
    /** Something in an import's source was left out or changed. */
    WARNING,
    /** The sandbox ends, for a {@link ShutdownReason}. */
    SHUTDOWN,
    /** The operation has ended; the last event. */
    COMPLETION,
    /** Sent by a newer server and unknown to this version. */
    OTHER;

    /** The name on the wire. */
    public String wire() {
        return WireName.of(this);
    }

    /** The type with this name on the wire. */
    public static EventType of(String wire) {
        return WireName.read(EventType.class, wire, OTHER);
    }
}
