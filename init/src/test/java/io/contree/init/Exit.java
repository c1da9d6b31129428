package io.contree.init;

import java.nio.ByteBuffer;

/** The payload of an exit frame. */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record Exit(int pid, int code, int signal, boolean timedOut, boolean coreDumped, long durationMicros, long[] usage) {
    static final int USER_MICROS = 0;
    static final int SYSTEM_MICROS = 1;
    static final int MAX_RSS_KIB = 2;

    static Exit of(Frame frame) {
        assert frame.type() == 'Q' && frame.payload().length == 4 * 4 + 8 + 16 * 8 : frame;
        ByteBuffer body = frame.body();
        int pid = body.getInt();
        int code = body.getInt();
        int signal = body.getInt();
        int flags = body.getInt();
        long duration = body.getLong();
        long[] usage = new long[16];
        body.asLongBuffer().get(usage);
        return new Exit(pid, code, signal, (flags & 1) != 0, (flags & 2) != 0, duration, usage);
    }
}
