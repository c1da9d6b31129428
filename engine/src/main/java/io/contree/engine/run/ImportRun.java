package io.contree.engine.run;

import io.contree.api.EventType;
import io.contree.api.ImportRequest;
import io.contree.engine.Outcome;
import io.contree.engine.disk.DiskGuard;
import io.contree.engine.disk.DiskWatch;
import io.contree.engine.log.EventData;
import io.contree.engine.operation.LiveOperation;
import io.contree.store.Digest;
import io.contree.store.ImportSource;
import io.contree.store.Importer;
import io.contree.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The work of an import: the store does it and ends it at its deadline, its progress goes into the event log. */
public final class ImportRun {
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(500);

    private final Store store;
    private final DiskGuard guard;
    private final Clock clock;

    public ImportRun(Store store, DiskGuard guard, Clock clock) {
        this.store = store;
        this.guard = guard;
        this.clock = clock;
    }

    /**
     * Works on the calling thread; {@code request} still has its credentials, unlike the operation's record.
     *
     * @param upload the uploaded file that it names
     */
    public Outcome run(LiveOperation operation, ImportRequest request, Optional<Digest> upload) {
        ImportSource source = new ImportSource(
                request.registry().url(),
                request.registry()
                        .credentials()
                        .map(login -> new ImportSource.Credentials(login.username(), login.password())),
                Duration.ofSeconds(request.timeout()),
                upload,
                operation.record().project());
        operation.awaitAcceptance();
        try (DiskWatch watch = guard.watch(operation)) {
            operation.executing();
            Importer.Imported imported =
                    operation.interruptibly(() -> store.importer().importImage(source, new Recorder(operation)));
            watch.written();
            return new Outcome.Imported(Outcome.Reached.of(imported.image()), request.tag(), imported.bytesMoved());
        }
    }

    /** Writes each step's first and last report, and one now and then of those between. */
    private final class Recorder implements Importer.Progress {
        private final LiveOperation operation;
        private final Map<String, Long> lastReports = new HashMap<>();

        Recorder(LiveOperation operation) {
            this.operation = operation;
        }

        @Override
        public void step(String what, long done, long total) {
            if (isDue(what, done == total)) {
                operation.log().append(0, EventType.PROGRESS, EventData.progress(what, done, total));
            }
        }

        @Override
        public void reaching(UUID image) {
            operation.hold().add(image);
        }

        @Override
        public void warning(String message) {
            operation.log().append(0, EventType.WARNING, EventData.warning(message));
        }

        private synchronized boolean isDue(String what, boolean last) {
            long now = clock.millis();
            Long previous = lastReports.get(what);
            if (!last && previous != null && now - previous < PROGRESS_INTERVAL.toMillis()) {
                return false;
            }
            lastReports.put(what, now);
            return true;
        }

        @Override
        public boolean cancelled() {
            return operation.hasVerdict();
        }
    }
}
