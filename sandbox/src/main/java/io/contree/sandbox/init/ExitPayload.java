package io.contree.sandbox.init;

import io.contree.sandbox.ExitStatus;
import io.contree.sandbox.ExitStatus.ResourceUsage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** The payload of an exit frame. */
final class ExitPayload {
    private static final int SIZE = 4 * Integer.BYTES + 17 * Long.BYTES;
    private static final int TIMED_OUT = 1;
    private static final int CORE_DUMPED = 2;

    private ExitPayload() {}

    static ExitStatus decode(Frame frame) throws BrokenFrameException {
        ByteBuffer in = frame.sized(SIZE).payload();
        int pid = in.getInt();
        int code = in.getInt();
        int signal = in.getInt();
        int flags = in.getInt();
        Duration duration = Duration.of(in.getLong(), ChronoUnit.MICROS);
        boolean timedOut = (flags & TIMED_OUT) != 0;
        boolean coreDumped = (flags & CORE_DUMPED) != 0;
        return new ExitStatus(pid, code, signal, timedOut, coreDumped, duration, usage(in));
    }

    // In the order of struct rusage, which is the order of the record's components.
    private static ResourceUsage usage(ByteBuffer in) {
        return new ResourceUsage(
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong());
    }
}
