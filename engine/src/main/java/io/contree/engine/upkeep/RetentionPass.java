package io.contree.engine.upkeep;

import io.contree.engine.log.LogDirectory;
import io.contree.engine.operation.LiveOperations;
import io.contree.engine.retention.Retention;
import io.contree.engine.retention.Retention.Kind;
import io.contree.engine.retention.RetentionCatalog;
import io.contree.engine.retention.RetentionCatalog.Used;
import io.contree.store.LayerId;
import io.contree.store.Store;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes from a project what its rules no longer keep. Used by one thread. */
final class RetentionPass {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionPass.class);

    /** As many go with one write. */
    private static final int BATCH = 256;

    private final Store store;
    private final RetentionCatalog catalog;
    private final LiveOperations live;
    private final LogDirectory logs;
    private final Clock clock;

    RetentionPass(Store store, RetentionCatalog catalog, LiveOperations live, LogDirectory logs, Clock clock) {
        this.store = store;
        this.catalog = catalog;
        this.live = live;
        this.logs = logs;
        this.clock = clock;
    }

    void apply(UUID project, Retention rules) {
        for (Map.Entry<Kind, Retention.Limits> rule : rules.rules().entrySet()) {
            int removed = apply(project, rule.getKey(), rule.getValue());
            if (removed > 0) {
                LOG.atInfo()
                        .addKeyValue("project", project)
                        .addKeyValue("kind", rule.getKey().word())
                        .addKeyValue("removed", removed)
                        .log("retention");
            }
        }
    }

    private int apply(UUID project, Kind kind, Retention.Limits limits) {
        int removed = 0;
        if (limits.age().isPresent()) {
            removed += removeUnused(
                    project, kind, clock.instant().minus(limits.age().get()));
        }
        if (limits.count().isPresent()) {
            removed += removeFirst(
                    project, kind, catalog.count(project, kind) - limits.count().getAsLong());
        }
        if (limits.bytes().isPresent()) {
            removed += removeBeyond(project, kind, limits.bytes().getAsLong());
        }
        return removed;
    }

    private int removeUnused(UUID project, Kind kind, Instant since) {
        int removed = 0;
        for (List<Used> page = page(project, kind, Optional.empty());
                !page.isEmpty();
                page = page(project, kind, Optional.of(page.getLast()))) {
            removed += remove(
                    project,
                    kind,
                    page.stream().filter(used -> used.usedAt().isBefore(since)).toList());
            if (!page.getLast().usedAt().isBefore(since)) {
                break;
            }
        }
        return removed;
    }

    private List<Used> page(UUID project, Kind kind, Optional<Used> after) {
        return catalog.idle(project, kind, after, BATCH);
    }

    private int removeFirst(UUID project, Kind kind, long excess) {
        int removed = 0;
        for (List<Used> page = page(project, kind, Optional.empty());
                !page.isEmpty() && removed < excess;
                page = page(project, kind, Optional.of(page.getLast()))) {
            removed +=
                    remove(project, kind, page.stream().limit(excess - removed).toList());
        }
        return removed;
    }

    private int removeBeyond(UUID project, Kind kind, long bytes) {
        return switch (kind) {
            case IMAGES -> removeAll(project, kind, imagesBeyond(project, bytes));
            case UPLOADS -> removeUploadsBeyond(project, bytes);
            case LOGS, OPERATIONS -> removeAll(project, kind, logsBeyond(project, kind, bytes));
        };
    }

    private int removeAll(UUID project, Kind kind, List<Used> all) {
        int removed = 0;
        for (int from = 0; from < all.size(); from += BATCH) {
            removed += remove(project, kind, all.subList(from, Math.min(all.size(), from + BATCH)));
        }
        return removed;
    }

    /** Images that share layers with newer ones cost what they have for themselves. */
    private List<Used> imagesBeyond(UUID project, long bytes) {
        List<Used> beyond = new ArrayList<>();
        Set<LayerId> counted = new HashSet<>();
        long[] total = {0};
        catalog.forEachImage(project, (image, idle, layers) -> {
            if (idle && total[0] > bytes) {
                beyond.add(image);
                return;
            }
            for (LayerId layer : layers) {
                if (counted.add(layer)) {
                    total[0] += store.layerBytes(layer);
                }
            }
            if (idle && total[0] > bytes) {
                beyond.add(image);
            }
        });
        return beyond;
    }

    private int removeUploadsBeyond(UUID project, long bytes) {
        int removed = 0;
        for (List<Used> page = page(project, Kind.UPLOADS, Optional.empty());
                !page.isEmpty() && catalog.uploadBytes(project) > bytes;
                page = page(project, Kind.UPLOADS, Optional.of(page.getLast()))) {
            for (Used upload : page) {
                if (catalog.uploadBytes(project) <= bytes) {
                    break;
                }
                removed += remove(project, Kind.UPLOADS, List.of(upload));
            }
        }
        return removed;
    }

    /** The earliest that ended, until the logs of the rest fit. */
    private List<Used> logsBeyond(UUID project, Kind kind, long bytes) {
        List<Used> all = new ArrayList<>();
        long total = 0;
        for (List<Used> page = page(project, kind, Optional.empty());
                !page.isEmpty();
                page = page(project, kind, Optional.of(page.getLast()))) {
            for (Used operation : page) {
                total += logs.bytes(operation.uuid());
            }
            all.addAll(page);
        }
        List<Used> beyond = new ArrayList<>();
        for (Used operation : all) {
            if (total <= bytes) {
                break;
            }
            total -= logs.bytes(operation.uuid());
            beyond.add(operation);
        }
        return beyond;
    }

    private int remove(UUID project, Kind kind, List<Used> those) {
        return switch (kind) {
            case IMAGES -> catalog.removeImages(project, those);
            case UPLOADS -> catalog.removeUploads(project, those, live.uploads());
            case LOGS -> removeLogs(project, those);
            case OPERATIONS -> removeLogs(project, those) == 0 ? 0 : catalog.removeOperations(project, those);
        };
    }

    /** What has no log is told by its record first. A backup must find the logs that its records promise. */
    private int removeLogs(UUID project, List<Used> those) {
        int[] removed = {0};
        store.removing(() -> {
            removed[0] = catalog.removeLogs(project, those);
            those.forEach(operation -> logs.remove(operation.uuid()));
        });
        return removed[0];
    }
}
