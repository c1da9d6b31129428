package io.contree.engine.log;

import io.contree.api.EventType;
import io.contree.api.LimitReached;
import io.contree.api.OperationEvent;
import io.contree.api.ProcessRequest;
import io.contree.api.ShutdownReason;
import io.contree.api.StreamRepr;
import io.contree.engine.OperationEnd;
import io.contree.engine.Outcome;
import io.contree.engine.request.Redaction;
import io.contree.sandbox.ExitStatus;
import io.contree.sandbox.NetworkUse;
import io.contree.sandbox.ProcessSpec;
import io.contree.sandbox.egress.Traffic;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code data} of each type of event: fields and units as clients expect them, all of them always there. */
public final class EventData {
    private EventData() {}

    /**
     * What a run starts in.
     *
     * @param isolation what keeps the run apart, as the server was when it ran
     */
    public static Map<String, @Nullable Object> init(Instant startedAt, String runtime, String isolation) {
        return fields(
                "started_at",
                micros(startedAt),
                "runtime_path",
                "/dev/contree-init",
                "verbose",
                false,
                "init_pid",
                1,
                "runtime",
                runtime,
                "isolation",
                isolation);
    }

    /** A timeout of 0 is none. Command, arguments and environment are shortened if clients cannot take them whole. */
    public static Map<String, @Nullable Object> spawn(
            int pid, int uid, int gid, ProcessRequest request, ProcessSpec process) {
        Map<String, @Nullable Object> data = fields("pid", pid);
        Shortening shortening = new Shortening();
        data.put("command", shortening.text(request.command()));
        data.put("args", shortening.texts(request.args()));
        data.put("shell", request.shell());
        data.put("cwd", process.cwd());
        data.put("uid", uid);
        data.put("gid", gid);
        if (!request.user().isEmpty()) {
            data.put("user", request.user());
        }
        data.put("timeout", process.timeout().toSeconds());
        data.put("truncate_at", process.outputLimit());
        data.put("env", shortening.map(Redaction.env(process.env())));
        return data;
    }

    static Map<String, @Nullable Object> stream(StreamRepr chunk) {
        return fields("value", chunk.value(), "encoding", chunk.encoding().wire());
    }

    public static Map<String, @Nullable Object> truncated(EventType stream, long emitted, long dropped) {
        return fields("stream", stream.wire(), "bytes_emitted", emitted, "bytes_dropped", dropped);
    }

    public static Map<String, @Nullable Object> exit(ExitStatus exit) {
        return fields(
                "pid", exit.pid(),
                "code", exit.code(),
                "signal", exit.signal(),
                "timed_out", exit.timedOut(),
                "core_dump", exit.coreDumped(),
                "duration_ms", exit.duration().toMillis(),
                "resources", resources(exit.usage()));
    }

    private static Map<String, @Nullable Object> resources(ExitStatus.ResourceUsage usage) {
        return fields(
                "user_time_us", usage.userMicros(),
                "sys_time_us", usage.systemMicros(),
                "max_rss_kb", usage.maxRss(),
                "shared_memory", usage.sharedMemory(),
                "unshared_memory", usage.unsharedData() + usage.unsharedStack(),
                "swaps", usage.swaps(),
                "minor_faults", usage.minorFaults(),
                "major_faults", usage.majorFaults(),
                "voluntary_ctx_switches", usage.voluntarySwitches(),
                "involuntary_ctx_switches", usage.involuntarySwitches(),
                "block_input_ops", usage.blockInput(),
                "block_output_ops", usage.blockOutput(),
                "ipc_msgs_sent", usage.messagesSent(),
                "ipc_msgs_received", usage.messagesReceived(),
                "signals_received", usage.signals());
    }

    /** The traffic through a run's interface; what was not configured is left out. */
    public static Map<String, @Nullable Object> network(NetworkUse use) {
        Map<String, @Nullable Object> configured = fields("ip4", use.address());
        use.nameservers().stream().findFirst().ifPresent(first -> configured.put("nameserver", first));
        return fields("interfaces", List.of(counters(use.device(), use.traffic())), "configured", configured);
    }

    private static Map<String, @Nullable Object> counters(String name, Traffic traffic) {
        return fields(
                "name", name,
                "rx_bytes", traffic.rxBytes(),
                "rx_packets", traffic.rxPackets(),
                "rx_errs", traffic.rxErrors(),
                "rx_drop", traffic.rxDropped(),
                "tx_bytes", traffic.txBytes(),
                "tx_packets", traffic.txPackets(),
                "tx_errs", traffic.txErrors(),
                "tx_drop", traffic.txDropped());
    }

    static Map<String, @Nullable Object> sizeCap(long limit, long fileSize) {
        return fields("limit_bytes", limit, "file_size", fileSize);
    }

    public static Map<String, @Nullable Object> outOfMemory(long limit) {
        return fields(
                "limit_bytes",
                limit,
                "message",
                "the kernel killed a process because the sandbox reached its memory limit of " + (limit >> 20)
                        + " MiB");
    }

    public static Map<String, @Nullable Object> limit(LimitReached met) {
        Map<String, @Nullable Object> data =
                fields("limit", met.limit().wire(), "allowed", met.allowed(), "peak", met.peak(), "unit", met.unit());
        if (met.count() != null) {
            data.put("count", met.count());
        }
        return data;
    }

    /** From the {@code data} of such an event. */
    public static LimitReached limit(Map<String, @Nullable Object> data) {
        return new LimitReached(
                LimitReached.Limit.of(String.valueOf(data.get("limit"))),
                number(data.get("allowed")),
                number(data.get("peak")),
                String.valueOf(data.get("unit")),
                data.get("count") instanceof Number count ? count.longValue() : null,
                null);
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    public static Map<String, @Nullable Object> progress(String step, long done, long total) {
        return fields("step", step, "done_bytes", done, "total_bytes", total);
    }

    public static Map<String, @Nullable Object> warning(String message) {
        return fields("message", message);
    }

    public static Map<String, @Nullable Object> shutdown(Instant stoppedAt, ShutdownReason reason) {
        return fields("stopped_at", micros(stoppedAt), "reason", reason.wire());
    }

    static OperationEvent completion(long id, OperationEnd end) {
        Outcome outcome = end.outcome();
        Map<String, @Nullable Object> data = fields("status", outcome.status().name());
        data.put(
                "result_image_uuid",
                outcome.reached().map(image -> image.uuid().toString()).orElse(null));
        data.put("error", outcome.error().orElse(null));
        data.put("duration_ms", end.duration().toMillis());
        data.put("image_size_bytes", outcome.imageSize().orElse(0L));
        end.cachedFrom().ifPresent(from -> data.put("cached_from", from.toString()));
        return new OperationEvent(
                id, end.endedAt().truncatedTo(ChronoUnit.MICROS), null, EventType.COMPLETION.wire(), data);
    }

    private static String micros(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).toString();
    }

    private static Map<String, @Nullable Object> fields(Object... namesAndValues) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }
}
