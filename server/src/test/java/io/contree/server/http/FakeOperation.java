package io.contree.server.http;

import io.contree.api.InstanceResult;
import io.contree.api.OperationEvent;
import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.api.StreamRepr;
import io.contree.engine.EventReader;
import io.contree.engine.OperationDetails;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One operation: its state, and its events, which a test adds. */
final class FakeOperation {
    final UUID id = UUID.randomUUID();
    final UUID project;
    volatile Instant createdAt = Instant.now();
    private final OperationKind kind;
    private final @Nullable UUID image;
    private final OperationDetails.Request request;
    private final List<OperationEvent> events = new ArrayList<>();
    private OperationStatus status = OperationStatus.PENDING;
    private @Nullable UUID result;
    private @Nullable String error;
    private byte[] stdout = new byte[0];

    FakeOperation(UUID project, OperationKind kind, @Nullable UUID image, OperationDetails.Request request) {
        this.project = project;
        this.kind = kind;
        this.image = image;
        this.request = request;
    }

    synchronized void state(OperationStatus next) {
        status = next;
        notifyAll();
    }

    synchronized void event(@Nullable Integer spid, String type, Map<String, Object> data) {
        events.add(new OperationEvent(events.size(), Instant.now(), spid, type, data));
        notifyAll();
    }

    synchronized void output(String text) {
        event(1, "stdout", Map.of("value", text, "encoding", "ascii"));
        stdout = (new String(stdout, java.nio.charset.StandardCharsets.UTF_8) + text)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Ends it, with {@code completion} as the last event. */
    synchronized void end(OperationStatus end, @Nullable UUID image, @Nullable String why) {
        status = end;
        result = image;
        error = why;
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("status", end.name());
        data.put("result_image_uuid", image == null ? null : image.toString());
        data.put("error", why);
        data.put("duration_ms", 5);
        data.put("image_size_bytes", 0);
        event(null, "completion", data);
    }

    synchronized boolean cancel() {
        if (status.isFinal()) {
            return false;
        }
        end(OperationStatus.CANCELLED, null, "cancelled");
        return true;
    }

    /** Who waits for the end sees this happen, and waits no longer. */
    @Nullable
    Runnable whenAwaited;

    synchronized boolean awaitEnd(Duration atMost) throws InterruptedException {
        if (whenAwaited != null) {
            whenAwaited.run();
            return status.isFinal();
        }
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!status.isFinal()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(Math.max(1, left / 1_000_000));
        }
        return true;
    }

    synchronized OperationDetails details(boolean inflight) {
        var summary = new OperationSummary(
                id, kind, status, error, createdAt, 0.005, image, result, null, null, null, null, null);
        boolean ended = kind == OperationKind.INSTANCE && status == OperationStatus.SUCCESS;
        Optional<InstanceResult> seen =
                ended || inflight ? Optional.of(instanceResult(ended ? 0 : -1)) : Optional.empty();
        return new OperationDetails(summary, request, seen, Optional.empty(), Optional.empty());
    }

    private InstanceResult instanceResult(int code) {
        return new InstanceResult(
                StreamRepr.of(stdout, false),
                StreamRepr.of(new byte[0], false),
                new InstanceResult.State(code, -1, 2, false, false, false, false),
                new InstanceResult.Resources(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                null);
    }

    EventReader reader(long after, Runnable onClose) {
        return new Reader(after, onClose);
    }

    private final class Reader implements EventReader {
        private final Runnable onClose;
        private int next;
        private boolean ended;

        Reader(long after, Runnable onClose) {
            this.next = (int) Math.min(Integer.MAX_VALUE, after + 1);
            this.onClose = onClose;
        }

        @Override
        public Optional<OperationEvent> next(Duration wait) throws InterruptedException {
            synchronized (FakeOperation.this) {
                long deadline = System.nanoTime() + wait.toNanos();
                while (next >= events.size()) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0 || status.isFinal()) {
                        ended = status.isFinal();
                        return Optional.empty();
                    }
                    FakeOperation.this.wait(Math.max(1, left / 1_000_000));
                }
                OperationEvent event = events.get(next++);
                if (event.type().equals("broken")) {
                    throw new IllegalStateException("the log is broken");
                }
                ended = event.type().equals("completion");
                return Optional.of(event);
            }
        }

        @Override
        public boolean ended() {
            return ended;
        }

        @Override
        public void close() {
            onClose.run();
        }
    }
}
