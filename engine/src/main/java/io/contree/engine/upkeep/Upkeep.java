package io.contree.engine.upkeep;

import io.contree.api.ProjectUse;
import io.contree.engine.log.LogDirectory;
import io.contree.engine.operation.LiveOperations;
import io.contree.engine.retention.Retention;
import io.contree.engine.retention.RetentionCatalog;
import io.contree.store.Collected;
import io.contree.store.Digest;
import io.contree.store.Store;
import io.contree.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what projects keep, and collects what nothing needs any more: now and then, and soon after something was removed. A
 * thread of its own works. Safe for use by several threads.
 */
public final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    /** Removals that follow each other closely are collected together. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** Uses of the same thing within this time are one: ages are longer than that. */
    private static final Duration NEWS = Duration.ofMinutes(1);

    private static final int REMEMBERED = 1 << 16;
    private static final int PAGE = 1000;

    private final Store store;
    private final RetentionCatalog catalog;
    private final Retention byDefault;
    private final RetentionPass pass;
    private final LogDirectory logs;
    private final Clock clock;
    private final ScheduledExecutorService worker;
    private final Map<Use, Instant> uses = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Use, Instant> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final AtomicBoolean asked = new AtomicBoolean();

    /** What was used, in which project. */
    private record Use(UUID project, String what) {}

    /**
     * @param byDefault what projects keep that have no rules of their own
     * @param interval between two rounds
     */
    public Upkeep(
            Store store,
            RetentionCatalog catalog,
            LiveOperations live,
            LogDirectory logs,
            Retention byDefault,
            Duration interval,
            Clock clock) {
        this.store = store;
        this.catalog = catalog;
        this.byDefault = byDefault;
        this.logs = logs;
        this.clock = clock;
        this.pass = new RetentionPass(store, catalog, live, logs, clock);
        this.worker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("upkeep").factory());
        var _ = worker.scheduleWithFixedDelay(
                () -> quietly("look after the data directory", this::round),
                interval.toNanos(),
                interval.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** What a project keeps. */
    public Retention of(UUID project) {
        return rules(catalog.rules(project));
    }

    private Retention rules(Optional<String> own) {
        return own.map(Retention::parse).orElse(byDefault);
    }

    /** Something was removed: collects soon. */
    public void removed() {
        if (!worker.isShutdown() && asked.compareAndSet(false, true)) {
            var _ = worker.schedule(
                    () -> {
                        asked.set(false);
                        quietly("collect what was removed", this::collect);
                    },
                    SOON.toNanos(),
                    TimeUnit.NANOSECONDS);
        }
    }

    /** An image was looked into. */
    public void used(UUID project, UUID image) {
        if (isNews(new Use(project, image.toString()))) {
            later(() -> catalog.used(project, image, clock.instant()));
        }
    }

    /** Uploads were asked for. */
    public void used(UUID project, List<Digest> uploads) {
        List<Digest> news = uploads.stream()
                .filter(upload -> isNews(new Use(project, upload.hex())))
                .toList();
        if (!news.isEmpty()) {
            later(() -> catalog.used(project, news, clock.instant()));
        }
    }

    private synchronized boolean isNews(Use use) {
        Instant now = clock.instant();
        Instant before = uses.put(use, now);
        if (before != null && before.plus(NEWS).isAfter(now)) {
            uses.put(use, before);
            return false;
        }
        return true;
    }

    private void later(Runnable work) {
        if (!worker.isShutdown()) {
            worker.execute(() -> quietly("record a use", work));
        }
    }

    /** The logs of a project's operations that have ended. */
    public ProjectUse.Part logs(UUID project) {
        long count = 0;
        long bytes = 0;
        Optional<RetentionCatalog.Used> last = Optional.empty();
        do {
            List<RetentionCatalog.Used> page = catalog.idle(project, Retention.Kind.LOGS, last, PAGE);
            for (RetentionCatalog.Used operation : page) {
                bytes += logs.bytes(operation.uuid());
            }
            count += page.size();
            last = page.size() < PAGE ? Optional.empty() : Optional.of(page.getLast());
        } while (last.isPresent());
        return new ProjectUse.Part(count, bytes);
    }

    /** Whether an operation's log was removed by what its project keeps. */
    public boolean isLogRemoved(UUID operation) {
        return !logs.exists(operation) && catalog.isWithoutLog(operation);
    }

    private void round() {
        for (Map.Entry<UUID, Optional<String>> project : catalog.projects().entrySet()) {
            quietly(
                    "apply what project " + project.getKey() + " keeps",
                    () -> pass.apply(project.getKey(), rules(project.getValue())));
        }
        quietly("collect what nothing needs", this::collect);
    }

    private void collect() {
        Optional<Collected> collected = store.collect(false);
        if (collected.isEmpty()) {
            LOG.info("nothing is removed while another process reads the data directory");
        } else if (collected.get().layers() + collected.get().files() > 0) {
            LOG.atInfo()
                    .addKeyValue("images", collected.get().images())
                    .addKeyValue("layers", collected.get().layers())
                    .addKeyValue("files", collected.get().files())
                    .addKeyValue("bytes", collected.get().use().bytes())
                    .log("collected");
        }
    }

    /** One that fails does not keep the others from being done, now or later. */
    private static void quietly(String what, Runnable work) {
        try {
            work.run();
        } catch (StoreException | IllegalArgumentException e) {
            LOG.warn("could not {}; it is tried again: {}", what, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("could not {}; it is tried again", what, e);
        }
    }

    /** Applies everything now and returns when it is done; for tests. */
    public void now() {
        round();
    }

    @Override
    public void close() {
        worker.shutdownNow();
        try {
            if (!worker.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("the upkeep of the data directory does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
