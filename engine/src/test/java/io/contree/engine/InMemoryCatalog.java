package io.contree.engine;

import io.contree.api.FileRecord;
import io.contree.api.ImageRecord;
import io.contree.api.LabelRequest;
import io.contree.api.LineagePage;
import io.contree.api.LineageStep;
import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.engine.cache.RunCacheCatalog;
import io.contree.engine.history.Ancestor;
import io.contree.engine.history.LineageRequest;
import io.contree.engine.history.LineageWalk;
import io.contree.engine.operation.OperationViews;
import io.contree.store.Digest;
import io.contree.store.StoredFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A catalog for tests that is as durable as the object: hand it to the next engine to play a restart. */
public final class InMemoryCatalog implements OperationCatalog, ProjectCatalog, RunCacheCatalog {
    private record Owned<K>(UUID project, K key) {}

    private record Tag(UUID project, String name, UUID image, Instant at) {}

    private final Map<UUID, OperationRecord> operations = new LinkedHashMap<>();
    private final Set<UUID> cancelled = new HashSet<>();
    private final Map<UUID, Instant> cacheUsed = new HashMap<>();
    private final Map<UUID, Instant> projects = new LinkedHashMap<>();
    private final Map<Digest, TokenRecord> tokens = new HashMap<>();
    private final Map<Owned<UUID>, ImageRecord> images = new LinkedHashMap<>();
    private final Map<Owned<String>, Tag> tags = new LinkedHashMap<>();
    private final Map<Owned<UUID>, FileRecord> files = new LinkedHashMap<>();
    private final List<Map.Entry<UUID, Step>> steps = new ArrayList<>();

    @Override
    public synchronized void accept(OperationRecord operation) {
        operations.put(operation.uuid(), operation);
    }

    @Override
    public synchronized Optional<OperationRecord> operation(UUID project, UUID operation) {
        return Optional.ofNullable(operations.get(operation))
                .filter(found -> found.project().equals(project));
    }

    @Override
    public synchronized List<OperationSummary> operations(UUID project, Operations.Filter filter, Page page) {
        return page(
                operations.values().stream()
                        .filter(operation -> operation.project().equals(project))
                        .map(OperationViews::summary)
                        .filter(it -> filter.status().map(it.status()::equals).orElse(true))
                        .filter(it -> filter.kind().map(it.kind()::equals).orElse(true))
                        .filter(it -> within(it.createdAt(), filter.since(), filter.until())),
                newest(OperationSummary::createdAt, OperationSummary::uuid),
                page);
    }

    @Override
    public synchronized boolean finish(UUID uuid, OperationEnd end) {
        OperationRecord known = operations.get(uuid);
        if (known == null || known.end().isPresent()) {
            return false;
        }
        end.cacheKey().ifPresent(key -> remember(known, key, end));
        put(known, end);
        end.outcome().reached().ifPresent(image -> reach(known, end, image));
        return true;
    }

    private void put(OperationRecord known, OperationEnd end) {
        operations.put(
                known.uuid(),
                new OperationRecord(
                        known.uuid(),
                        known.project(),
                        known.request(),
                        known.createdAt(),
                        known.image(),
                        Optional.of(end)));
    }

    private void remember(OperationRecord run, Digest key, OperationEnd end) {
        repeatable(run.project(), key).ifPresent(this::forgetKey);
        cacheUsed.put(run.uuid(), end.endedAt());
    }

    private void forgetKey(OperationRecord run) {
        cacheUsed.remove(run.uuid());
        OperationEnd end = run.end().orElseThrow();
        put(
                run,
                new OperationEnd(
                        end.outcome(), end.endedAt(), end.duration(), end.run(), Optional.empty(), end.cachedFrom()));
    }

    @Override
    public synchronized Optional<OperationRecord> repeatable(UUID project, Digest key) {
        return operations.values().stream()
                .filter(run -> run.project().equals(project))
                .filter(run -> run.end().flatMap(OperationEnd::cacheKey).equals(Optional.of(key)))
                .filter(this::isWhole)
                .findFirst();
    }

    /** Takes an image from a project. */
    public synchronized void giveUp(UUID project, UUID image) {
        images.remove(new Owned<>(project, image));
    }

    private boolean isWhole(OperationRecord run) {
        return run.end()
                .flatMap(end -> end.outcome().reached())
                .map(image -> images.containsKey(new Owned<>(run.project(), image.uuid())))
                .orElse(true);
    }

    @Override
    public synchronized boolean repeat(OperationRecord repetition) {
        OperationEnd end = repetition.end().orElseThrow();
        OperationRecord from = operations.get(end.cachedFrom().orElseThrow());
        if (from == null || !from.project().equals(repetition.project()) || !isWhole(from)) {
            return false;
        }
        cacheUsed.replace(from.uuid(), end.endedAt());
        operations.put(
                repetition.uuid(),
                new OperationRecord(
                        repetition.uuid(),
                        repetition.project(),
                        repetition.request(),
                        repetition.createdAt(),
                        repetition.image(),
                        Optional.empty()));
        return finish(repetition.uuid(), end);
    }

    @Override
    public synchronized void keepCached(int most) {
        cacheUsed.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .limit(Math.max(0, cacheUsed.size() - most))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(run -> forgetKey(operations.get(run)));
    }

    private void reach(OperationRecord operation, OperationEnd end, Outcome.Reached image) {
        UUID project = operation.project();
        images.putIfAbsent(
                new Owned<>(project, image.uuid()),
                ImageRecord.of(
                        image.uuid(),
                        null,
                        end.endedAt(),
                        operation.uuid(),
                        image.contentDigest().toString()));
        end.outcome().tag().ifPresent(tag -> tag(project, image.uuid(), tag, end.endedAt()));
        if (operation.image().filter(input -> !input.equals(image.uuid())).isPresent()) {
            steps.add(Map.entry(
                    project,
                    new Step(
                            operation.uuid(),
                            operation.image().get(),
                            operation.command().orElseThrow(),
                            image.uuid(),
                            end.endedAt(),
                            end.cachedFrom())));
        }
    }

    @Override
    public synchronized void cancel(UUID operation, Instant at) {
        if (operations.containsKey(operation) && operations.get(operation).end().isEmpty()) {
            cancelled.add(operation);
        }
    }

    @Override
    public synchronized Set<UUID> cancelled() {
        return cancelled.stream()
                .filter(operation -> operations.get(operation).end().isEmpty())
                .collect(Collectors.toSet());
    }

    @Override
    public synchronized List<OperationRecord> unfinished() {
        return operations.values().stream()
                .filter(operation -> operation.end().isEmpty())
                .sorted(Comparator.comparing(OperationRecord::createdAt))
                .toList();
    }

    @Override
    public synchronized Map<OperationStatus, Long> counts(UUID project) {
        Map<OperationStatus, Long> counts = new EnumMap<>(OperationStatus.class);
        operations.values().stream()
                .filter(operation -> operation.project().equals(project))
                .forEach(operation -> counts.merge(operation.status(), 1L, Long::sum));
        return counts;
    }

    @Override
    public synchronized UUID firstProject(Instant now) {
        if (projects.isEmpty()) {
            projects.put(UUID.randomUUID(), now);
        }
        return projects.keySet().iterator().next();
    }

    /** Limits by project, for tests to set. */
    final Map<UUID, ProjectLimits> limits = new HashMap<>();

    @Override
    public synchronized ProjectLimits limits(UUID project) {
        return limits.getOrDefault(project, ProjectLimits.NONE);
    }

    @Override
    public synchronized void recordToken(TokenRecord token) {
        tokens.put(token.hash(), token);
    }

    @Override
    public synchronized Optional<TokenRecord> token(Digest hash) {
        return Optional.ofNullable(tokens.get(hash));
    }

    @Override
    public synchronized Optional<ImageRecord> image(UUID project, UUID image) {
        return Optional.ofNullable(images.get(new Owned<>(project, image)))
                .map(record -> under(
                        record,
                        tagsOf(project, image)
                                .max(Comparator.comparing(Tag::at))
                                .map(Tag::name)
                                .orElse(null)));
    }

    private Stream<Tag> tagsOf(UUID project, UUID image) {
        return tags.values().stream()
                .filter(tag -> tag.project().equals(project) && tag.image().equals(image));
    }

    private static ImageRecord under(ImageRecord image, String tag) {
        return image.under(tag);
    }

    @Override
    public synchronized Optional<ImageRecord> imageByTag(UUID project, String tag) {
        return Optional.ofNullable(tags.get(new Owned<>(project, tag)))
                .map(found -> under(images.get(new Owned<>(project, found.image())), tag));
    }

    @Override
    public synchronized List<ImageRecord> images(UUID project, Images.Filter filter, Page page) {
        Stream<ImageRecord> all = images.entrySet().stream()
                .filter(entry -> entry.getKey().project().equals(project))
                .map(Map.Entry::getValue)
                .flatMap(image -> perTag(project, image))
                .filter(it -> !filter.tagged() || it.tag() != null)
                .filter(it -> filter.uuid().map(it.uuid()::equals).orElse(true))
                .filter(it -> filter.tagPrefix()
                        .map(prefix -> it.tag() != null && it.tag().startsWith(prefix))
                        .orElse(true))
                .filter(it -> within(it.createdAt(), filter.since(), filter.until()));
        Comparator<ImageRecord> exactFirst =
                Comparator.comparing(it -> !filter.tagPrefix().equals(Optional.ofNullable(it.tag())));
        Comparator<ImageRecord> newest = newest(ImageRecord::createdAt, ImageRecord::uuid);
        Comparator<ImageRecord> order = filter.tagPrefix().isPresent() ? exactFirst.thenComparing(newest) : newest;
        return page(all, order.thenComparing(it -> it.tag() == null ? "" : it.tag()), page);
    }

    private Stream<ImageRecord> perTag(UUID project, ImageRecord image) {
        List<ImageRecord> tagged = tagsOf(project, image.uuid())
                .map(tag -> under(image, tag.name()))
                .toList();
        return tagged.isEmpty() ? Stream.of(image) : tagged.stream();
    }

    @Override
    public synchronized Optional<ImageRecord> tag(UUID project, UUID image, String tag, Instant now) {
        if (!images.containsKey(new Owned<>(project, image))) {
            return Optional.empty();
        }
        tags.put(new Owned<>(project, tag), new Tag(project, tag, image, now));
        return imageByTag(project, tag);
    }

    @Override
    public synchronized int untag(UUID project, UUID image, Optional<String> tag) {
        List<Tag> gone = tagsOf(project, image)
                .filter(found -> tag.map(found.name()::equals).orElse(true))
                .toList();
        gone.forEach(found -> tags.remove(new Owned<>(project, found.name())));
        return gone.size();
    }

    @Override
    public synchronized List<Step> stepsTo(UUID project, UUID image, int limit) {
        return steps.stream()
                .filter(entry -> entry.getKey().equals(project))
                .map(Map.Entry::getValue)
                .filter(step -> step.output().equals(image))
                .sorted(Comparator.comparing(Step::at).reversed())
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized OptionalInt label(UUID project, UUID image, LabelRequest request, Instant now) {
        ImageRecord known = images.get(new Owned<>(project, image));
        if (known == null) {
            return OptionalInt.empty();
        }
        TreeMap<String, String> labels = new TreeMap<>(known.labels());
        request.labels().forEach((name, value) -> labels.compute(name, (key, old) -> value.orElse(null)));
        if (labels.size() <= LabelRequest.MOST) {
            String note = request.note().orElse(known.note());
            images.put(new Owned<>(project, image), known.noted(labels, note == null || note.isEmpty() ? null : note));
        }
        return OptionalInt.of(labels.size());
    }

    @Override
    public List<ImageRecord> noted(UUID project, List<ImageRecord> images) {
        return images; // and so are those that it gives out
    }

    @Override
    public synchronized LineagePage lineage(UUID project, LineageRequest request) {
        return LineageWalk.page(request, (image, depth, more) -> {
            Stream<LineageStep> runs = steps.stream()
                    .filter(entry -> entry.getKey().equals(project))
                    .map(Map.Entry::getValue)
                    .filter(step -> image.equals(request.toAncestors() ? step.output() : step.input()))
                    .filter(step -> !step.at().isAfter(request.from().until()))
                    .sorted(Comparator.comparing(Step::at).reversed())
                    .map(step -> told(project, step, depth));
            Stream<LineageStep> arrivals =
                    request.toAncestors() ? arrival(project, image, depth).stream() : Stream.empty();
            var _ = Stream.concat(runs, arrivals)
                    .filter(step -> step.first() || !request.first())
                    .allMatch(more);
        });
    }

    private LineageStep told(UUID project, Step step, int depth) {
        return new LineageStep(
                depth,
                step.input(),
                step.output(),
                step.operation(),
                OperationKind.INSTANCE,
                step.command(),
                step.at(),
                origin(project, step.output()).equals(Optional.of(step)),
                step.cachedFrom().orElse(null));
    }

    private Optional<LineageStep> arrival(UUID project, UUID image, int depth) {
        return Optional.ofNullable(images.get(new Owned<>(project, image)))
                .filter(record -> origin(project, image).isEmpty())
                .map(record -> new LineageStep(
                        depth,
                        null,
                        image,
                        record.operationUuid(),
                        Optional.ofNullable(operations.get(record.operationUuid()))
                                .map(OperationRecord::kind)
                                .orElse(null),
                        null,
                        record.createdAt(),
                        true,
                        null));
    }

    private Optional<Step> origin(UUID project, UUID image) {
        ImageRecord record = images.get(new Owned<>(project, image));
        return steps.stream()
                .filter(entry -> entry.getKey().equals(project))
                .map(Map.Entry::getValue)
                .filter(step -> step.output().equals(image))
                .filter(step -> record == null || step.operation().equals(record.operationUuid()))
                .min(Comparator.comparing(Step::at));
    }

    @Override
    public synchronized Ancestor ancestor(UUID project, UUID image, int steps) {
        UUID found = image;
        for (int back = 0; back < steps; back++) {
            Optional<Step> step = origin(project, found);
            if (step.isEmpty()) {
                return new Ancestor(found, back);
            }
            found = step.get().input();
        }
        return new Ancestor(found, steps);
    }

    @Override
    public synchronized FileRecord recordFile(UUID project, StoredFile file, Instant now) {
        return files.merge(
                new Owned<>(project, file.uuid()),
                new FileRecord(file.uuid(), file.digest().hex(), file.size(), now, now),
                (old, latest) -> new FileRecord(old.uuid(), old.sha256(), old.size(), old.createdAt(), now));
    }

    @Override
    public synchronized Optional<FileRecord> file(UUID project, UUID file) {
        return Optional.ofNullable(files.get(new Owned<>(project, file)));
    }

    @Override
    public synchronized Optional<FileRecord> file(UUID project, Digest digest) {
        return files.entrySet().stream()
                .filter(entry -> entry.getKey().project().equals(project))
                .map(Map.Entry::getValue)
                .filter(file -> file.sha256().equals(digest.hex()))
                .findFirst();
    }

    @Override
    public synchronized List<FileRecord> files(
            UUID project, Optional<Instant> since, Optional<Instant> until, Page page) {
        return page(
                files.entrySet().stream()
                        .filter(entry -> entry.getKey().project().equals(project))
                        .map(Map.Entry::getValue)
                        .filter(file -> within(file.createdAt(), since, until)),
                newest(FileRecord::createdAt, FileRecord::uuid),
                page);
    }

    private static boolean within(Instant at, Optional<Instant> since, Optional<Instant> until) {
        return since.map(from -> !at.isBefore(from)).orElse(true)
                && until.map(to -> !at.isAfter(to)).orElse(true);
    }

    private static <T> Comparator<T> newest(Function<T, Instant> at, Function<T, UUID> uuid) {
        return Comparator.comparing(at)
                .thenComparing(it -> uuid.apply(it).toString())
                .reversed();
    }

    private static <T> List<T> page(Stream<T> all, Comparator<T> order, Page page) {
        return all.sorted(order).skip(page.offset()).limit(page.limit()).toList();
    }
}
