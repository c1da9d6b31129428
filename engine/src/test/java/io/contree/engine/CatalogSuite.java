package io.contree.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.FileRecord;
import io.contree.api.ImageRecord;
import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.engine.cache.RunCacheCatalog;
import io.contree.store.Digest;
import io.contree.store.StoredFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link OperationCatalog}, {@link ProjectCatalog} and {@link RunCacheCatalog} does. Each subclass says how to open one. */
public abstract class CatalogSuite {
    private static final Instant THEN = Samples.THEN;
    private static final Operations.Filter ALL =
            new Operations.Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private final UUID mine = UUID.randomUUID();
    private final UUID other = UUID.randomUUID();

    /** The operations of an empty catalog; the same one at every call. */
    protected abstract OperationCatalog operations();

    /** The projects of the same catalog. */
    protected abstract ProjectCatalog projects();

    /** The runs of the same catalog that answer for equal ones. */
    protected abstract RunCacheCatalog runCache();

    /** Plays a restart, if there is a disk. */
    protected void reopen() {}

    private static Instant at(int seconds) {
        return THEN.plusSeconds(seconds);
    }

    /** An image that a project reached by a run on another one. */
    private UUID reached(UUID project, Instant when) {
        UUID image = UUID.randomUUID();
        OperationRecord run = Samples.run(project, UUID.randomUUID(), when);
        operations().accept(run);
        operations().finish(run.uuid(), Samples.success(image, when));
        return image;
    }

    private static Images.Filter tagged(String prefix) {
        return new Images.Filter(
                true, false, Optional.of(prefix), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Images.Filter images(Optional<Instant> since, Optional<Instant> until) {
        return new Images.Filter(false, false, Optional.empty(), Optional.empty(), since, until);
    }

    @Test
    void anAcceptedOperationIsPending() {
        OperationRecord run = Samples.run(mine, UUID.randomUUID(), THEN);
        OperationRecord load = Samples.load(mine, at(1));
        operations().accept(run);
        operations().accept(load);
        reopen();

        assertThat(operations().operation(mine, run.uuid())).contains(run);
        assertThat(operations().operation(mine, load.uuid())).contains(load);
        assertThat(operations().operation(other, run.uuid())).isEmpty();
        assertThat(operations().unfinished()).containsExactly(run, load);
    }

    @Test
    void aCancelIsKeptUntilTheEnd() {
        OperationRecord run = Samples.run(mine, UUID.randomUUID(), THEN);
        OperationRecord beside = Samples.run(mine, UUID.randomUUID(), at(1));
        operations().accept(run);
        operations().accept(beside);
        operations().cancel(run.uuid(), at(2));
        operations().cancel(run.uuid(), at(3));
        operations().cancel(UUID.randomUUID(), at(3));
        reopen();

        assertThat(operations().cancelled()).containsExactly(run.uuid());
        assertThat(operations().unfinished()).containsExactly(run, beside);
        UUID image = UUID.randomUUID();
        assertThat(operations().finish(run.uuid(), Samples.success(image, at(4))))
                .isTrue();
        operations().cancel(run.uuid(), at(5));
        reopen();
        assertThat(operations().cancelled()).isEmpty();
        assertThat(operations().operation(mine, run.uuid()).orElseThrow().end())
                .contains(Samples.success(image, at(4)));
    }

    @Test
    void anEndIsRecordedWholeAndOnce() {
        OperationRecord run = Samples.run(mine, UUID.randomUUID(), THEN);
        operations().accept(run);
        OperationEnd end = Samples.success(UUID.randomUUID(), at(3));

        assertThat(operations().finish(run.uuid(), end)).isTrue();
        assertThat(operations().finish(run.uuid(), Samples.failure("too late", at(4))))
                .isFalse();
        assertThat(operations().finish(UUID.randomUUID(), end)).isFalse();
        reopen();

        assertThat(operations().operation(mine, run.uuid()).orElseThrow().end()).contains(end);
        assertThat(operations().unfinished()).isEmpty();
    }

    @Test
    void ofManyEndsAtTheSameTimeOneCounts() throws Exception {
        OperationRecord run = Samples.run(mine, UUID.randomUUID(), THEN);
        operations().accept(run);
        List<Callable<Boolean>> ends = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            OperationEnd end = Samples.failure("end " + i, at(i));
            ends.add(() -> operations().finish(run.uuid(), end));
        }
        int counted = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> end : threads.invokeAll(ends)) {
                counted += end.get() ? 1 : 0;
            }
        }

        assertThat(counted).isEqualTo(1);
    }

    @Test
    void summariesSayWhatIsKnown() {
        UUID image = UUID.randomUUID();
        UUID result = UUID.randomUUID();
        OperationRecord run = Samples.run(mine, image, THEN);
        operations().accept(run);
        operations().finish(run.uuid(), Samples.success(result, at(1)));
        OperationRecord load = Samples.load(mine, at(1));
        operations().accept(load);
        operations().finish(load.uuid(), Samples.failure("no such registry", at(2)));

        assertThat(operations().operations(mine, ALL, Page.DEFAULT))
                .containsExactly(
                        new OperationSummary(
                                load.uuid(),
                                OperationKind.IMAGE_IMPORT,
                                OperationStatus.FAILED,
                                "no such registry",
                                at(1),
                                1.234,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null),
                        new OperationSummary(
                                run.uuid(),
                                OperationKind.INSTANCE,
                                OperationStatus.SUCCESS,
                                null,
                                THEN,
                                1.234,
                                image,
                                result,
                                42L,
                                0.003,
                                3L,
                                null,
                                null));
    }

    @Test
    void listsNewestFirstInFullPages() {
        List<UUID> newestFirst = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            OperationRecord run = Samples.run(mine, UUID.randomUUID(), at(i));
            operations().accept(run);
            newestFirst.addFirst(run.uuid());
            operations().accept(Samples.run(other, UUID.randomUUID(), at(i)));
        }

        assertThat(uuids(operations().operations(mine, ALL, new Page(10, 0)))).isEqualTo(newestFirst.subList(0, 10));
        assertThat(uuids(operations().operations(mine, ALL, new Page(10, 20)))).isEqualTo(newestFirst.subList(20, 25));
        assertThat(operations().operations(mine, ALL, new Page(10, 100))).isEmpty();
    }

    private static List<UUID> uuids(List<OperationSummary> operations) {
        return operations.stream().map(OperationSummary::uuid).toList();
    }

    @Test
    void filtersCombine() {
        OperationRecord run = Samples.run(mine, UUID.randomUUID(), at(0));
        OperationRecord failed = Samples.run(mine, UUID.randomUUID(), at(1));
        OperationRecord load = Samples.load(mine, at(2));
        List.of(run, failed, load).forEach(operations()::accept);
        operations().finish(failed.uuid(), Samples.failure("no", at(3)));

        assertThat(filtered(OperationStatus.FAILED, null, null, null)).containsExactly(failed.uuid());
        assertThat(filtered(OperationStatus.PENDING, OperationKind.INSTANCE, null, null))
                .containsExactly(run.uuid());
        assertThat(filtered(null, OperationKind.IMAGE_IMPORT, null, null)).containsExactly(load.uuid());
        assertThat(filtered(null, null, at(1), null)).containsExactly(load.uuid(), failed.uuid());
        assertThat(filtered(null, null, at(1), at(1))).containsExactly(failed.uuid());
        assertThat(operations().counts(mine))
                .isEqualTo(Map.of(OperationStatus.PENDING, 2L, OperationStatus.FAILED, 1L));
        assertThat(operations().counts(other)).isEmpty();
    }

    private List<UUID> filtered(OperationStatus status, OperationKind kind, Instant since, Instant until) {
        Operations.Filter filter = new Operations.Filter(
                Optional.ofNullable(status),
                Optional.ofNullable(kind),
                Optional.ofNullable(since),
                Optional.ofNullable(until));
        return uuids(operations().operations(mine, filter, Page.DEFAULT));
    }

    @Test
    void aReachedImageIsOneOfItsProjectAlone() {
        UUID image = reached(mine, THEN);
        reopen();

        ImageRecord record = projects().image(mine, image).orElseThrow();
        assertThat(record.tag()).isNull();
        assertThat(record.createdAt()).isEqualTo(THEN);
        assertThat(record.contentDigest())
                .isEqualTo(Samples.reached(image).contentDigest().toString());
        assertThat(operations().operation(mine, record.operationUuid())).isPresent();
        assertThat(projects().image(other, image)).isEmpty();
        assertThat(projects().tag(other, image, "x", THEN)).isEmpty();
        assertThat(projects().imageByTag(other, "x")).isEmpty();
    }

    @Test
    void anImageKeepsItsFirstOriginAndEveryStepThatLedToIt() {
        UUID image = UUID.randomUUID();
        List<OperationRecord> runs =
                List.of(Samples.run(mine, UUID.randomUUID(), at(0)), Samples.run(mine, UUID.randomUUID(), at(1)));
        OperationRecord unchanged = Samples.run(mine, image, at(2));
        for (OperationRecord run : runs) {
            operations().accept(run);
            operations().finish(run.uuid(), Samples.success(image, run.createdAt()));
        }
        operations().accept(unchanged);
        operations().finish(unchanged.uuid(), Samples.success(image, at(2)));

        assertThat(projects().image(mine, image).orElseThrow().operationUuid())
                .isEqualTo(runs.getFirst().uuid());
        assertThat(projects().stepsTo(mine, image, 10))
                .containsExactly(step(runs.get(1), image), step(runs.get(0), image));
        assertThat(projects().stepsTo(mine, image, 1)).hasSize(1);
        assertThat(projects().stepsTo(other, image, 10)).isEmpty();
    }

    private static ProjectCatalog.Step step(OperationRecord run, UUID output) {
        return new ProjectCatalog.Step(
                run.uuid(), run.image().orElseThrow(), "true", output, run.createdAt(), Optional.empty());
    }

    /** A run that ended and is remembered. */
    private OperationRecord remembered(UUID project, UUID image, Digest key, Instant when) {
        OperationRecord run = Samples.run(project, UUID.randomUUID(), when);
        operations().accept(run);
        operations().finish(run.uuid(), Samples.repeatable(image, key, when));
        return run;
    }

    private OperationRecord repetition(OperationRecord of, Instant when) {
        OperationRecord run = operations().operation(of.project(), of.uuid()).orElseThrow();
        return new OperationRecord(
                UUID.randomUUID(),
                run.project(),
                run.request(),
                when,
                run.image(),
                run.end().map(end -> end.repeated(run.uuid(), when)));
    }

    private Optional<UUID> repeatable(UUID project, int key) {
        return runCache().repeatable(project, Samples.digest(key)).map(OperationRecord::uuid);
    }

    @Test
    void theLatestRunOfAKeyIsRemembered() {
        remembered(mine, UUID.randomUUID(), Samples.digest(1), THEN);
        OperationRecord second = remembered(mine, UUID.randomUUID(), Samples.digest(1), at(1));
        OperationRecord theirs = remembered(other, UUID.randomUUID(), Samples.digest(1), at(2));
        reopen();

        assertThat(repeatable(mine, 1)).contains(second.uuid());
        assertThat(repeatable(other, 1)).contains(theirs.uuid());
        assertThat(repeatable(mine, 2)).isEmpty();
    }

    @Test
    void aRepetitionIsRecordedAsARunOfItsOwn() {
        UUID image = UUID.randomUUID();
        OperationRecord run = remembered(mine, image, Samples.digest(1), THEN);
        OperationRecord repetition = repetition(run, at(1));

        assertThat(runCache().repeat(repetition)).isTrue();
        reopen();
        assertThat(operations().operation(mine, repetition.uuid())).contains(repetition);
        OperationSummary listed =
                operations().operations(mine, ALL, Page.DEFAULT).getFirst();
        assertThat(listed.uuid()).isEqualTo(repetition.uuid());
        assertThat(listed.cachedFrom()).isEqualTo(run.uuid());
        assertThat(listed.resultImageUuid()).isEqualTo(image);
        assertThat(listed.consumedCpu()).isZero();
        assertThat(projects().stepsTo(mine, image, 10).getFirst().cachedFrom()).contains(run.uuid());
        assertThat(repeatable(mine, 1)).contains(run.uuid());
        assertThat(operations().unfinished()).isEmpty();
    }

    @Test
    void nobodyRepeatsARunOfAnotherProject() {
        OperationRecord run = remembered(mine, UUID.randomUUID(), Samples.digest(1), THEN);
        OperationRecord own = repetition(run, at(1));
        OperationRecord foreign =
                new OperationRecord(own.uuid(), other, own.request(), own.createdAt(), own.image(), own.end());

        assertThat(runCache().repeat(foreign)).isFalse();
        assertThat(operations().operation(other, foreign.uuid())).isEmpty();
    }

    @Test
    void theLongestUnusedIsForgotten() {
        OperationRecord first = remembered(mine, UUID.randomUUID(), Samples.digest(1), at(1));
        remembered(other, UUID.randomUUID(), Samples.digest(2), at(2));
        OperationRecord third = remembered(mine, UUID.randomUUID(), Samples.digest(3), at(3));
        runCache().repeat(repetition(first, at(4)));
        runCache().keepCached(2);
        reopen();

        assertThat(repeatable(mine, 1)).contains(first.uuid());
        assertThat(repeatable(other, 2)).isEmpty();
        assertThat(repeatable(mine, 3)).contains(third.uuid());
        assertThat(operations().operation(mine, first.uuid())).isPresent();
        runCache().keepCached(0);
        assertThat(repeatable(mine, 1)).isEmpty();
        assertThat(repeatable(mine, 3)).isEmpty();
    }

    @Test
    void anImportPutsItsTag() {
        OperationRecord load = Samples.load(mine, THEN);
        UUID image = UUID.randomUUID();
        operations().accept(load);
        operations().finish(load.uuid(), Samples.importedAs(image, "busybox", at(1)));
        reopen();

        assertThat(projects().imageByTag(mine, "busybox").orElseThrow().uuid()).isEqualTo(image);
        assertThat(operations()
                        .operation(mine, load.uuid())
                        .orElseThrow()
                        .end()
                        .orElseThrow()
                        .outcome()
                        .tag())
                .contains("busybox");
        assertThat(projects().stepsTo(mine, image, 10)).isEmpty();
    }

    @Test
    void aTagMovesAndIsUniqueInItsProject() {
        UUID first = reached(mine, at(0));
        UUID second = reached(mine, at(1));
        projects().tag(mine, first, "app:1", at(2));
        ImageRecord moved = projects().tag(mine, second, "app:1", at(3)).orElseThrow();
        projects().tag(mine, second, "app:newest", at(4));

        assertThat(moved.uuid()).isEqualTo(second);
        assertThat(moved.tag()).isEqualTo("app:1");
        assertThat(projects().image(mine, first).orElseThrow().tag()).isNull();
        assertThat(projects().image(mine, second).orElseThrow().tag()).isEqualTo("app:newest");
        assertThat(projects().untag(mine, first, Optional.of("app:1"))).isZero();
        assertThat(projects().untag(mine, second, Optional.of("app:1"))).isEqualTo(1);
        assertThat(projects().imageByTag(mine, "app:1")).isEmpty();
        assertThat(projects().untag(mine, second, Optional.empty())).isEqualTo(1);
        assertThat(projects().image(mine, second)).isPresent();
    }

    @Test
    void listsOneRecordPerImageAndTag() {
        UUID plain = reached(mine, at(0));
        UUID twice = reached(mine, at(1));
        projects().tag(mine, twice, "b", at(2));
        projects().tag(mine, twice, "a", at(3));
        reached(other, at(4));

        assertThat(projects().images(mine, images(Optional.empty(), Optional.empty()), Page.DEFAULT))
                .extracting(image -> image.uuid() + " " + image.tag())
                .containsExactly(twice + " a", twice + " b", plain + " null");
        assertThat(projects().images(mine, images(Optional.empty(), Optional.empty()), new Page(1, 1)))
                .extracting(ImageRecord::tag)
                .containsExactly("b");
        assertThat(projects().images(mine, images(Optional.of(at(1)), Optional.empty()), Page.DEFAULT))
                .hasSize(2);
        assertThat(projects().images(mine, images(Optional.empty(), Optional.of(at(0))), Page.DEFAULT))
                .hasSize(1);
    }

    @Test
    void anExactTagComesBeforeNewerOnesWithItAsPrefix() {
        UUID exact = reached(mine, at(0));
        projects().tag(mine, exact, "app", at(0));
        for (String tag : List.of("app:2", "app:1", "APP", "apq", "a_p")) {
            projects().tag(mine, reached(mine, at(5)), tag, at(5));
        }

        assertThat(projects().images(mine, tagged("app"), Page.DEFAULT))
                .extracting(ImageRecord::tag)
                .first()
                .isEqualTo("app");
        assertThat(projects().images(mine, tagged("app"), Page.DEFAULT))
                .extracting(ImageRecord::tag)
                .containsExactlyInAnyOrder("app", "app:1", "app:2");
        assertThat(projects().images(mine, tagged("a_"), Page.DEFAULT))
                .extracting(ImageRecord::tag)
                .containsExactly("a_p");
        assertThat(projects().images(mine, tagged("%"), Page.DEFAULT)).isEmpty();
    }

    @Test
    void aFileBelongsToTheProjectsThatPutIt() {
        StoredFile file = new StoredFile(UUID.randomUUID(), Samples.digest(1), 5, at(-100));
        FileRecord first = projects().recordFile(mine, file, at(0));
        FileRecord again = projects().recordFile(mine, file, at(9));
        reopen();

        assertThat(first).isEqualTo(new FileRecord(file.uuid(), file.digest().hex(), 5, at(0), at(0)));
        assertThat(again).isEqualTo(new FileRecord(file.uuid(), file.digest().hex(), 5, at(0), at(9)));
        assertThat(projects().file(mine, file.uuid())).contains(again);
        assertThat(projects().file(mine, file.digest())).contains(again);
        assertThat(projects().file(other, file.uuid())).isEmpty();
        assertThat(projects().file(other, file.digest())).isEmpty();
    }

    @Test
    void filesAreListedNewestFirst() {
        for (int i = 0; i < 5; i++) {
            StoredFile file = new StoredFile(UUID.randomUUID(), Samples.digest(i), i, THEN);
            projects().recordFile(mine, file, at(i));
        }

        assertThat(projects().files(mine, Optional.empty(), Optional.empty(), new Page(2, 1)))
                .extracting(FileRecord::size)
                .containsExactly(3L, 2L);
        assertThat(projects().files(mine, Optional.of(at(1)), Optional.of(at(2)), Page.DEFAULT))
                .hasSize(2);
    }

    @Test
    void aTokenIsFoundByItsHash() {
        UUID project = projects().firstProject(THEN);
        Digest hash = Samples.digest(77);
        Caller caller = new Caller(
                UUID.randomUUID(),
                project,
                Set.of(Caller.Permission.LIST, Caller.Permission.SPAWN_DISPOSABLE),
                Optional.of(at(60)));
        ProjectCatalog.TokenRecord token = new ProjectCatalog.TokenRecord(caller, hash, THEN);
        projects().recordToken(token);
        reopen();

        assertThat(projects().token(hash)).contains(token);
        assertThat(projects().token(Samples.digest(78))).isEmpty();
        assertThat(projects().firstProject(at(1))).isEqualTo(project);
    }
}
