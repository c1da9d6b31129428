package io.contree.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What all processors of the machine have worked, for whomever: programs, the kernel, interrupts. */
public record ProcessorTime(double millis) {
    /** USER_HZ, which is 100 wherever programs can see it. */
    private static final double MILLIS_PER_TICK = 10;

    private static final int IDLE = 3;
    private static final int WAITING = 4;
    /** Time of guests is in that of users already. */
    private static final int GUEST = 8;

    public static ProcessorTime now() throws IOException {
        String[] fields =
                Files.readAllLines(Path.of("/proc/stat")).getFirst().strip().split(" +");
        long[] ticks = Stream.of(fields).skip(1).mapToLong(Long::parseLong).toArray();
        long busy = 0;
        for (int i = 0; i < Math.min(ticks.length, GUEST); i++) {
            busy += i == IDLE || i == WAITING ? 0 : ticks[i];
        }
        return new ProcessorTime(busy * MILLIS_PER_TICK);
    }

    /** Since then, in milliseconds. */
    public double since(ProcessorTime then) {
        return millis - then.millis;
    }
}
