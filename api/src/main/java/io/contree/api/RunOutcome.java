package io.contree.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Optional;

/**
 * What decided how a run ended, and every limit that it met on the way, including those that it survived: a child that
 * was killed for memory while the command went on, a fork that was refused, output that was cut.
 *
 * @param limits each with what was allowed and what was reached; empty if the run met none
 */
public record RunOutcome(Reason reason, List<LimitReached> limits) {
    /** What decided. */
    public enum Reason {
        /** The command ended by itself, with whatever code. */
        EXITED,
        /** A signal ended it, and none of the limits below sent it. */
        SIGNALLED,
        /** It was ended at its timeout. */
        TIME_LIMIT,
        /** SIGKILL ended it, in a sandbox where the kernel killed for lack of memory. */
        MEMORY_LIMIT,
        /** It wrote more than it may, or held the most when the server's disk was down to its reserve. */
        DISK_LIMIT,
        /** It never ran: the program is not there or cannot be started. */
        SPAWN_FAILED,
        /** Somebody cancelled it. */
        CANCELLED,
        /** The server or its machine; the operation's error says what. */
        INFRASTRUCTURE,
        /** Sent by a newer server and unknown to this version. */
        OTHER;

        /** The name on the wire. */
        @JsonValue
        public String wire() {
            return WireName.of(this);
        }

        /** The reason with this name on the wire. */
        @JsonCreator
        public static Reason of(String wire) {
            return WireName.read(Reason.class, wire, OTHER);
        }
    }

    public RunOutcome {
        limits = List.copyOf(limits);
    }

    /** A limit, if it was met; the first if it was met for several streams. */
    public Optional<LimitReached> limit(LimitReached.Limit which) {
        return limits.stream().filter(reached -> reached.limit() == which).findFirst();
    }
}
