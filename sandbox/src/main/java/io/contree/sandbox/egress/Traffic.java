package io.contree.sandbox.egress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What went through a sandbox's interface, as seen from inside: {@code rx} is what it received. */
public record Traffic(
        long rxBytes,
        long rxPackets,
        long rxErrors,
        long rxDropped,
        long txBytes,
        long txPackets,
        long txErrors,
        long txDropped) {
    /** No traffic at all. */
    public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0, 0, 0, 0);

    private static final Path COUNTERS = Path.of("/proc/thread-self/net/dev");

    /** Of the sandbox at the other end of a device of this machine; empty if the device is gone. */
    static Optional<Traffic> beyond(String device) throws IOException {
        return beyond(device, Files.readAllLines(COUNTERS));
    }

    /** Format: {@code /proc/net/dev} of proc_pid_net(5), eight counters of receiving and eight of sending. */
    static Optional<Traffic> beyond(String device, List<String> lines) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> line.startsWith(device + ":"))
                .map(line -> line.substring(device.length() + 1).strip().split("\\s+"))
                .filter(fields -> fields.length >= 16)
                .map(fields -> Arrays.stream(fields).mapToLong(Long::parseLong).toArray())
                .map(at -> new Traffic(at[8], at[9], at[10], at[11], at[0], at[1], at[2], at[3]))
                .findFirst();
    }
}
