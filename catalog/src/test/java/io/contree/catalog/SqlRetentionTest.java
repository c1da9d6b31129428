package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.engine.OperationEnd;
import io.contree.engine.OperationRecord;
import io.contree.engine.Samples;
import io.contree.engine.retention.Retention.Kind;
import io.contree.engine.retention.RetentionCatalog.Needs;
import io.contree.engine.retention.RetentionCatalog.Used;
import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.LayerId;
import io.contree.store.LtHash;
import io.contree.store.StoredFile;
import io.contree.testkit.SeededRandom;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What names images, layers and uploads, what no longer does, and what is released then. */
class SqlRetentionTest {
    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path directory;

    private SqlCatalog catalog;
    private final UUID mine = UUID.randomUUID();
    private final UUID other = UUID.randomUUID();

    @BeforeEach
    void open() {
        catalog = SqlCatalog.openSqlite(directory.resolve("catalog.db"));
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private Image record(List<LayerId> layers) {
        byte[] key = new byte[32];
        UUID uuid = UUID.randomUUID();
        java.nio.ByteBuffer.wrap(key).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        return catalog.images()
                .record(new Image(uuid, Digest.of(key), LtHash.EMPTY, LtHash.EMPTY, layers, new TreeMap<>(), "", THEN));
    }

    private OperationRecord accept(UUID project, UUID input, int second) {
        OperationRecord run = Samples.run(project, input, THEN.plusSeconds(second));
        catalog.operations().accept(run);
        return run;
    }

    private void finish(OperationRecord run, UUID result, int second) {
        OperationEnd end = Samples.success(result, THEN.plusSeconds(second));
        assertThat(catalog.operations().finish(run.uuid(), end)).isTrue();
    }

    private UUID reached(UUID project, int second, LayerId... layers) {
        UUID image = record(List.of(layers)).uuid();
        finish(accept(project, UUID.randomUUID(), second), image, second);
        return image;
    }

    private OperationRecord remembered(UUID result, int second) {
        OperationRecord run = accept(mine, UUID.randomUUID(), second);
        OperationEnd end = Samples.repeatable(result, Samples.digest(1), THEN.plusSeconds(second));
        catalog.operations().finish(run.uuid(), end);
        return catalog.operations().operation(mine, run.uuid()).orElseThrow();
    }

    private boolean repeat(OperationRecord run) {
        Instant now = THEN.plusSeconds(100);
        return catalog.runCache()
                .repeat(new OperationRecord(
                        UUID.randomUUID(),
                        mine,
                        run.request(),
                        now,
                        run.image(),
                        run.end().map(end -> end.repeated(run.uuid(), now))));
    }

    private boolean isRepeatable() {
        return catalog.runCache().repeatable(mine, Samples.digest(1)).isPresent();
    }

    @Test
    void aRunWhoseImageWasGivenUpIsNotRepeatedUntilItIsReachedAgain() {
        UUID image = record(List.of()).uuid();
        OperationRecord run = remembered(image, 1);
        assertThat(isRepeatable()).isTrue();
        catalog.retention().remove(mine, image, false);

        assertThat(isRepeatable()).isFalse();
        assertThat(repeat(run)).isFalse();
        assertThat(catalog.images().unneededImages()).contains(image);
        finish(accept(mine, UUID.randomUUID(), 3), image, 3);
        assertThat(repeat(run)).isTrue();
        assertThat(catalog.images().unneededImages()).isEmpty();
    }

    @Test
    void aRunWhoseLogOrRecordWasRemovedIsNotRepeated() {
        UUID image = record(List.of()).uuid();
        OperationRecord withoutLog = remembered(image, 1);
        catalog.retention().removeLogs(mine, List.of(new Used(withoutLog.uuid(), THEN.plusSeconds(1))));
        assertThat(isRepeatable()).isFalse();
        assertThat(repeat(withoutLog)).isFalse();

        OperationRecord gone = remembered(image, 2);
        assertThat(isRepeatable()).isTrue();
        catalog.retention().removeOperations(mine, List.of(new Used(gone.uuid(), THEN.plusSeconds(2))));
        assertThat(isRepeatable()).isFalse();
        assertThat(repeat(gone)).isFalse();
    }

    @Test
    void aRepetitionCountsAsAUseOfItsImage() {
        UUID image = record(List.of()).uuid();
        OperationRecord run = remembered(image, 1);
        assertThat(repeat(run)).isTrue();

        assertThat(catalog.retention().idle(mine, Kind.IMAGES, Optional.empty(), 10))
                .containsExactly(new Used(image, THEN.plusSeconds(100)));
    }

    @Test
    void whatNeedsAnImageIsFoundAndForced() {
        UUID image = reached(mine, 1, LayerId.random());
        assertThat(catalog.retention().needs(mine, image)).contains(new Needs(List.of(), false, 0));
        assertThat(catalog.retention().needs(other, image)).isEmpty();
        catalog.projects().tag(mine, image, "b", THEN);
        catalog.projects().tag(mine, image, "a", THEN);
        assertThat(catalog.retention().pin(mine, image, true, THEN)).isTrue();
        assertThat(catalog.retention().pin(other, image, true, THEN)).isFalse();
        OperationRecord run = accept(mine, image, 2);
        Needs needs = new Needs(List.of("a", "b"), true, 1);
        assertThat(catalog.retention().remove(mine, image, false)).contains(needs);
        assertThat(catalog.projects().image(mine, image)).isPresent();
        assertThat(catalog.images().unneededImages()).isEmpty();

        assertThat(catalog.retention().remove(mine, image, true)).contains(needs);
        assertThat(catalog.projects().image(mine, image)).isEmpty();
        assertThat(catalog.projects().imageByTag(mine, "a")).isEmpty();
        assertThat(catalog.images().unneededImages()).as("a run works on it").isEmpty();
        assertThat(catalog.images().forgetImages(List.of(image))).isEmpty();
        finish(run, record(List.of()).uuid(), 3);
        assertThat(catalog.images().unneededImages()).containsExactly(image);
        assertThat(catalog.images().forgetImages(List.of(image))).containsExactly(image);
        assertThat(catalog.images().image(image)).isEmpty();
    }

    @Test
    void anImageOfTwoProjectsOrAPublicOneStays() {
        LayerId layer = LayerId.random();
        UUID image = reached(mine, 1, layer);
        finish(accept(other, UUID.randomUUID(), 2), image, 2);
        assertThat(catalog.retention().isElsewhere(mine, image)).isTrue();
        catalog.projects().tag(other, image, "shown", THEN);
        catalog.access().publish(other, "shown", THEN);
        catalog.retention().remove(mine, image, false);
        catalog.retention().remove(other, image, true);
        assertThat(catalog.images().unneededImages()).as("it is public").isEmpty();
        assertThat(catalog.images().forgetImages(List.of(image))).isEmpty();
        catalog.access().unpublish("shown");
        assertThat(catalog.images().forgetImages(catalog.images().unneededImages()))
                .containsExactly(image);
        assertThat(catalog.images().releasedLayers()).containsOnlyKeys(layer);
    }

    @Test
    void theLongestUnusedGoFirstAndAUseCounts() {
        List<UUID> images = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            images.add(reached(mine, i, LayerId.random()));
        }
        catalog.projects().tag(mine, images.get(1), "kept", THEN);
        catalog.retention().pin(mine, images.get(2), true, THEN);
        catalog.retention().used(mine, images.get(0), THEN.plusSeconds(100));
        accept(mine, images.get(3), 200);
        List<Used> idle = catalog.retention().idle(mine, Kind.IMAGES, Optional.empty(), 10);
        assertThat(idle).extracting(Used::uuid).containsExactly(images.get(4), images.get(5), images.get(0));
        assertThat(catalog.retention().idle(mine, Kind.IMAGES, Optional.of(idle.getFirst()), 1))
                .containsExactly(idle.get(1));
        assertThat(catalog.retention().idle(other, Kind.IMAGES, Optional.empty(), 10))
                .isEmpty();
        assertThat(catalog.retention().count(mine, Kind.IMAGES)).isEqualTo(6);

        catalog.retention().used(mine, images.get(5), THEN.plusSeconds(300));
        assertThat(catalog.retention().removeImages(mine, idle.subList(0, 2)))
                .as("one was used since it was found")
                .isEqualTo(1);
        assertThat(catalog.images().unneededImages()).containsExactly(images.get(4));
    }

    @Test
    void allImagesAreShownTheNeededFirst() {
        UUID old = reached(mine, 1, LayerId.random());
        LayerId layer = LayerId.random();
        UUID tagged = reached(mine, 0, layer);
        UUID newest = reached(mine, 2);
        catalog.projects().tag(mine, tagged, "kept", THEN);
        List<UUID> seen = new ArrayList<>();
        catalog.retention().forEachImage(mine, (image, idle, layers) -> {
            assertThat(idle).isEqualTo(!image.uuid().equals(tagged));
            assertThat(layers.contains(layer)).isEqualTo(image.uuid().equals(tagged));
            seen.add(image.uuid());
        });
        assertThat(seen).containsExactly(tagged, newest, old);
    }

    @Test
    void uploadsGoUnlessTheyAreSparedOrUsed() {
        List<StoredFile> files = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Digest digest = Samples.digest(i + 1);
            StoredFile file = catalog.images().recordFile(new StoredFile(digest.uuid(), digest, 10 + i, THEN));
            catalog.projects().recordFile(mine, file, THEN.plusSeconds(i));
            files.add(file);
        }
        catalog.projects().recordFile(other, files.get(1), THEN);
        catalog.retention().used(mine, List.of(files.get(0).digest()), THEN.plusSeconds(50));
        List<Used> idle = catalog.retention().idle(mine, Kind.UPLOADS, Optional.empty(), 10);
        assertThat(idle)
                .extracting(Used::uuid)
                .containsExactly(
                        files.get(1).uuid(),
                        files.get(2).uuid(),
                        files.get(3).uuid(),
                        files.get(0).uuid());
        assertThat(catalog.retention().uploadBytes(mine)).isEqualTo(46);
        assertThat(catalog.retention()
                        .removeUploads(
                                mine, idle.subList(0, 3), Set.of(files.get(2).digest())))
                .isEqualTo(2);
        assertThat(catalog.images().unneededFiles())
                .containsExactly(files.get(3).digest());
        assertThat(catalog.images()
                        .forgetFiles(List.of(files.get(1).digest(), files.get(3).digest())))
                .containsExactly(files.get(3).digest());
        assertThat(catalog.images().file(files.get(3).digest())).isEmpty();
        assertThat(catalog.images().file(files.get(1).digest())).isPresent();

        catalog.images().recordFile(files.get(3));
        assertThat(catalog.images().unneededFiles()).as("it was uploaded again").isEmpty();
        assertThat(catalog.images().forgetFiles(List.of(files.get(3).digest()))).isEmpty();
    }

    @Test
    void operationsAndLogsGoOnceTheyHaveEnded() {
        OperationRecord first = accept(mine, UUID.randomUUID(), 0);
        OperationRecord second = accept(mine, UUID.randomUUID(), 1);
        OperationRecord pending = accept(mine, UUID.randomUUID(), 2);
        UUID image = record(List.of()).uuid();
        finish(second, image, 5);
        finish(first, image, 6);
        List<Used> ended = catalog.retention().idle(mine, Kind.OPERATIONS, Optional.empty(), 10);
        assertThat(ended).extracting(Used::uuid).containsExactly(second.uuid(), first.uuid());
        assertThat(catalog.retention().removeLogs(mine, ended.subList(0, 1))).isEqualTo(1);
        assertThat(catalog.retention().isWithoutLog(second.uuid())).isTrue();
        assertThat(catalog.retention().isWithoutLog(first.uuid())).isFalse();
        assertThat(catalog.retention().idle(mine, Kind.LOGS, Optional.empty(), 10))
                .extracting(Used::uuid)
                .containsExactly(first.uuid());
        assertThat(catalog.retention()
                        .removeOperations(mine, List.of(new Used(pending.uuid(), THEN), ended.getFirst())))
                .isEqualTo(1);
        assertThat(catalog.operations().operation(mine, second.uuid())).isEmpty();
        assertThat(catalog.operations().operation(mine, pending.uuid())).isPresent();
        assertThat(catalog.projects().stepsTo(mine, image, 10))
                .as("how a state was reached stays")
                .hasSize(2);
        assertThat(catalog.retention().count(mine, Kind.OPERATIONS)).isEqualTo(1);
    }

    @Test
    void aStepIsForgottenWithTheLaterOfItsRecordAndItsImage() {
        UUID recordFirst = record(List.of()).uuid();
        UUID imageFirst = record(List.of()).uuid();
        finish(accept(mine, UUID.randomUUID(), 1), recordFirst, 1);
        finish(accept(mine, UUID.randomUUID(), 2), imageFirst, 2);
        List<Used> ended = catalog.retention().idle(mine, Kind.OPERATIONS, Optional.empty(), 10);
        assertThat(ended).hasSize(2);

        catalog.retention().removeOperations(mine, List.of(ended.getFirst()));
        assertThat(catalog.retention().remove(mine, imageFirst, true)).isPresent();
        assertThat(catalog.projects().stepsTo(mine, recordFirst, 10)).hasSize(1);
        assertThat(catalog.projects().stepsTo(mine, imageFirst, 10)).hasSize(1);

        catalog.retention().removeOperations(mine, List.of(ended.getLast()));
        assertThat(catalog.retention().remove(mine, recordFirst, true)).isPresent();
        assertThat(catalog.projects().stepsTo(mine, recordFirst, 10)).isEmpty();
        assertThat(catalog.projects().stepsTo(mine, imageFirst, 10)).isEmpty();
    }

    /** Random names come and go; what is collected is what no name is left of. */
    @Test
    void nothingNamedIsForgottenAndNothingElseIsLeft() {
        SeededRandom.forAll(4, random -> {
            try (SqlCatalog fresh = SqlCatalog.openSqlite(directory.resolve(UUID.randomUUID() + ".db"))) {
                close();
                catalog = fresh;
                new History(random).run(200);
            }
            open();
        });
    }

    private final class History {
        private final SeededRandom random;
        private final List<UUID> projects = List.of(mine, other);
        private final Map<UUID, List<LayerId>> stacks = new HashMap<>();
        private final Map<UUID, Set<UUID>> owners = new HashMap<>();
        private final Map<String, UUID> published = new HashMap<>();
        private final List<OperationRecord> running = new ArrayList<>();
        private final Set<LayerId> ever = new HashSet<>();
        private final Set<LayerId> removed = new HashSet<>();
        private int now;

        History(SeededRandom random) {
            this.random = random;
        }

        void run(int steps) {
            for (int step = 0; step < steps; step++) {
                now++;
                switch (random.between(0, 7)) {
                    case 0, 1 -> reach();
                    case 2 -> remove();
                    case 3 -> start();
                    case 4 -> end();
                    case 5 -> publish();
                    case 6 -> restack();
                    default -> collect();
                }
            }
            collect();
        }

        private List<UUID> owned() {
            return stacks.keySet().stream()
                    .filter(image -> !owners.getOrDefault(image, Set.of()).isEmpty())
                    .sorted()
                    .toList();
        }

        private void reach() {
            UUID project = random.pick(projects);
            UUID image;
            if (!owned().isEmpty() && random.chance(30)) {
                image = random.pick(owned());
            } else {
                List<LayerId> stack = new ArrayList<>();
                if (!owned().isEmpty()) {
                    stack.addAll(stacks.get(random.pick(owned())));
                }
                stack.add(LayerId.random());
                image = record(stack).uuid();
                stacks.put(image, stack);
                ever.addAll(stack);
            }
            finish(accept(project, UUID.randomUUID(), now), image, now);
            owners.computeIfAbsent(image, any -> new HashSet<>()).add(project);
        }

        private void remove() {
            if (owned().isEmpty()) {
                return;
            }
            UUID image = random.pick(owned());
            UUID project = random.pick(projects);
            boolean force = random.chance(50);
            Optional<Needs> needs = catalog.retention().remove(project, image, force);
            assertThat(needs.isPresent()).isEqualTo(owners.get(image).contains(project));
            if (needs.isPresent() && (force || !needs.get().any())) {
                owners.get(image).remove(project);
            }
        }

        private void start() {
            if (!owned().isEmpty()) {
                running.add(accept(random.pick(projects), random.pick(owned()), now));
            }
        }

        private void end() {
            if (!running.isEmpty()) {
                OperationRecord run = running.remove(random.between(0, running.size() - 1));
                catalog.operations().finish(run.uuid(), Samples.failure("no", THEN.plusSeconds(now)));
            }
        }

        private void publish() {
            String tag = "t" + random.between(0, 2);
            if (random.chance(40)) {
                catalog.access().unpublish(tag);
                published.remove(tag);
            } else if (!owned().isEmpty()) {
                UUID image = random.pick(owned());
                UUID project = owners.get(image).iterator().next();
                catalog.projects().tag(project, image, tag, THEN.plusSeconds(now));
                catalog.access().publish(project, tag, THEN.plusSeconds(now));
                published.put(tag, image);
            }
        }

        private void restack() {
            if (!owned().isEmpty()) {
                UUID image = random.pick(owned());
                List<LayerId> to = List.of(LayerId.random());
                ever.addAll(to);
                assertThat(catalog.images().restack(image, stacks.get(image), to))
                        .isTrue();
                stacks.put(image, to);
            }
        }

        private boolean isNamed(UUID image) {
            return !owners.getOrDefault(image, Set.of()).isEmpty()
                    || published.containsValue(image)
                    || running.stream()
                            .anyMatch(run -> run.image().filter(image::equals).isPresent());
        }

        /** As the store does. */
        private void collect() {
            Set<UUID> unnamed = new HashSet<>(stacks.keySet());
            unnamed.removeIf(this::isNamed);
            assertThat(catalog.images().unneededImages()).isEqualTo(unnamed);
            assertThat(catalog.images().forgetImages(stacks.keySet())).isEqualTo(unnamed);
            stacks.keySet().removeAll(unnamed);
            Map<LayerId, Long> released = catalog.images().releasedLayers();
            Set<LayerId> named = catalog.images().namedLayers(released.keySet(), Set.of());
            Map<LayerId, Long> kept = new HashMap<>(released);
            kept.keySet().retainAll(named);
            catalog.images().keepLayers(kept);
            Set<LayerId> garbage = new HashSet<>(released.keySet());
            garbage.removeAll(named);
            catalog.images().removedLayers(garbage);
            removed.addAll(garbage);

            Set<LayerId> needed = new HashSet<>();
            stacks.values().forEach(needed::addAll);
            Set<LayerId> there = new HashSet<>(ever);
            there.removeAll(removed);
            assertThat(there).isEqualTo(needed);
            assertThat(catalog.images().layers()).isEqualTo(needed);
            for (UUID image : stacks.keySet()) {
                assertThat(catalog.images().image(image).orElseThrow().layers()).isEqualTo(stacks.get(image));
            }
        }
    }
}
