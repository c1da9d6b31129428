package io.contree.api;

/** What an entry of an operation's log tells. */
public enum EventType {
    /** The sandbox is there. */
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
    /** A process ended; nothing of it comes after this. */
    EXIT,
    /** The log is full, and takes no more bytes of streams. */
    SIZE_CAP,
    /** The kernel killed a process for lack of memory. */
    OOM,
    /** What went through the interface of the sandbox. */
    NETWORK,
    /** How far an import is. */
    PROGRESS,
    /** What of an import's source was left out or changed. */
    WARNING,
    /** The sandbox ends, for a {@link ShutdownReason}. */
    SHUTDOWN,
    /** The operation has ended; the last event. */
    COMPLETION,
    /** What a newer server says and this version does not know. */
    OTHER;

    /** The name on the wire. */
    public String wire() {
        return WireName.of(this);
    }

    /** The type of a name on the wire. */
    public static EventType of(String wire) {
        return WireName.read(EventType.class, wire, OTHER);
    }
}
