package io.contree.engine;

import io.contree.api.InstanceResult;
import io.contree.api.OperationEvent;
import io.contree.api.StreamRepr;
import io.contree.sandbox.ExitStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** Puts the result of a main process together from its event log and its exit. */
final class Results {
    private static final double MICROS = 1e6;

    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private boolean stdoutTruncated;
    private boolean stderrTruncated;
    private int pid = -1;

    private Results() {}

    /** The result by now; without an exit it is that of a process that still runs. */
    static InstanceResult of(Path file, LogTail tail, Optional<ExitStatus> exit, Duration elapsed) {
        Results results = new Results();
        Events.each(file, tail, results::take);
        return new InstanceResult(
                StreamRepr.of(results.stdout.toByteArray(), results.stdoutTruncated),
                StreamRepr.of(results.stderr.toByteArray(), results.stderrTruncated),
                exit.map(Results::state).orElseGet(results::running),
                exit.map(Results::resources).orElseGet(() -> running(elapsed)));
    }

    private void take(OperationEvent event) {
        if (event.spid() == null || event.spid() != OutputRecorder.SPID) {
            return;
        }
        switch (event.type()) {
            case "stdout" -> stdout.writeBytes(bytes(event));
            case "stderr" -> stderr.writeBytes(bytes(event));
            case "spawn" -> pid = event.data().get("pid") instanceof Number number ? number.intValue() : -1;
            case "truncated" -> {
                stdoutTruncated |= "stdout".equals(event.data().get("stream"));
                stderrTruncated |= "stderr".equals(event.data().get("stream"));
            }
            default -> {}
        }
    }

    private static byte[] bytes(OperationEvent event) {
        String value = String.valueOf(event.data().get("value"));
        return "base64".equals(event.data().get("encoding"))
                ? Base64.getDecoder().decode(value)
                : value.getBytes(StandardCharsets.US_ASCII);
    }

    private InstanceResult.State running() {
        return new InstanceResult.State(-1, -1, pid, false, false, false, false);
    }

    private static InstanceResult.State state(ExitStatus exit) {
        return new InstanceResult.State(
                exit.code(), exit.signal(), exit.pid(), exit.timedOut(), exit.coreDumped(), false, false);
    }

    private static InstanceResult.Resources running(Duration elapsed) {
        double seconds = elapsed.toNanos() / 1e9;
        return new InstanceResult.Resources(seconds, seconds, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static InstanceResult.Resources resources(ExitStatus exit) {
        ExitStatus.ResourceUsage usage = exit.usage();
        double seconds = exit.duration().toNanos() / 1e9;
        return new InstanceResult.Resources(
                seconds,
                seconds,
                usage.userMicros() / MICROS,
                usage.systemMicros() / MICROS,
                usage.maxRss(),
                usage.sharedMemory(),
                usage.unsharedData() + usage.unsharedStack(),
                usage.minorFaults(),
                usage.majorFaults(),
                usage.swaps(),
                usage.blockInput(),
                usage.blockOutput(),
                usage.signals(),
                usage.voluntarySwitches(),
                usage.involuntarySwitches(),
                0);
    }
}
