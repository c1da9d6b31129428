package io.contree.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel counts for a user, which each run has for itself, and for the whole machine, which one run could use up for all.
 */
final class CounterCheck {
    private final Path settings;

    CounterCheck() {
        this(Path.of("/proc/sys"));
    }

    CounterCheck(Path settings) {
        this.settings = settings;
    }

    /**
     * A setting of the kernel that may be too low.
     *
     * @param enough what it should be at least
     * @param why completes "…, which"
     */
    private record Counter(String name, long enough, String why) {}

    private static final List<Counter> COUNTERS = List.of(
            new Counter("fs.inotify.max_user_instances", 128, "is what a run may have of programs that watch files"),
            new Counter("fs.inotify.max_user_watches", 65_536, "is how many files a run may watch"),
            new Counter("fs.epoll.max_user_watches", 65_536, "is how many descriptors a run may wait for"),
            new Counter("kernel.pty.max", 4096, "is how many terminals runs and the machine have together"),
            // A run's memory limit comes first then: an open file takes 256 bytes of it.
            new Counter("fs.file-max", 1L << 26, "one run can use up for all but root of the machine"),
            // Likewise: an event takes 64 bytes.
            new Counter("fs.aio-max-nr", 1L << 28, "one run can use up for all and for the machine"));

    Finding counters() throws IOException {
        List<String> low = new ArrayList<>();
        List<String> remedies = new ArrayList<>();
        for (Counter counter : COUNTERS) {
            Path file = settings.resolve(counter.name().replace('.', '/'));
            if (!Files.isReadable(file)) {
                continue; // a kernel without it
            }
            String value = Files.readString(file).strip();
            if (Long.compareUnsigned(Long.parseUnsignedLong(value), counter.enough()) < 0) {
                low.add(counter.name() + " is " + value + ", which " + counter.why());
                remedies.add(counter.name() + "=" + counter.enough());
            }
        }
        return low.isEmpty()
                ? Finding.ok("kernel counters", "each run has its own of what is counted for a user, and enough of it")
                : Finding.limited("kernel counters", String.join("; ", low), "sysctl -w " + String.join(" ", remedies));
    }
}
