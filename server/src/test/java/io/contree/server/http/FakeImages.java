package io.contree.server.http;

import io.contree.api.CollectedGarbage;
import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.ImageRecord;
import io.contree.api.ImageUse;
import io.contree.api.LabelRequest;
import io.contree.api.LineagePage;
import io.contree.api.ProjectUse;
import io.contree.api.RemovedImage;
import io.contree.api.TagName;
import io.contree.engine.Caller;
import io.contree.engine.Images;
import io.contree.engine.Page;
import io.contree.engine.history.LineageRequest;
import io.contree.store.Commit;
import io.contree.store.ImageDiff;
import io.contree.store.ImageView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Images of projects: a record per image and tag over a tree in memory. */
final class FakeImages implements Images {
    record Row(UUID project, ImageRecord record) {}

    final List<Row> rows = Collections.synchronizedList(new ArrayList<>());
    final FakeTree tree = new FakeTree();
    volatile ImageDiff diff = new ImageDiff(List.of(), new ImageDiff.Totals(0, 0, 0, 0), Optional.empty());
    volatile Commit.Changes changes = new Commit.Changes(List.of(), 0);
    final AtomicInteger openViews = new AtomicInteger();

    ImageRecord add(UUID project, UUID uuid, @Nullable String tag, Instant at) {
        var record = ImageRecord.of(uuid, tag, at, null, "sha256:" + "0".repeat(64));
        rows.add(new Row(project, record));
        return record;
    }

    @Override
    public List<ImageRecord> list(Caller caller, Filter filter, Page page) {
        String prefix = filter.tagPrefix().orElse("");
        return of(caller).stream()
                .filter(image -> !filter.tagged() || image.tag() != null)
                .filter(image -> prefix.isEmpty() || image.tag().startsWith(prefix))
                .filter(image -> filter.uuid().isEmpty() || filter.uuid().get().equals(image.uuid()))
                .filter(image -> filter.since().isEmpty()
                        || image.createdAt().isAfter(filter.since().get()))
                .filter(image -> filter.until().isEmpty()
                        || image.createdAt().isBefore(filter.until().get()))
                .sorted(Comparator.comparing((ImageRecord image) -> prefix.equals(image.tag()))
                        .thenComparing(ImageRecord::createdAt)
                        .reversed())
                .skip(page.offset())
                .limit(page.limit())
                .toList();
    }

    @Override
    public ImageRecord get(Caller caller, UUID uuid) {
        return of(caller).stream()
                .filter(image -> image.uuid().equals(uuid))
                .max(Comparator.comparing(ImageRecord::createdAt))
                .orElseThrow(() -> notFound("image " + uuid));
    }

    @Override
    public ImageRecord byTag(Caller caller, String tag) {
        return of(caller).stream()
                .filter(image -> tag.equals(image.tag()))
                .findFirst()
                .orElseThrow(() -> notFound("image with the tag " + tag));
    }

    @Override
    public ImageRecord label(Caller caller, UUID image, LabelRequest request) {
        return get(caller, image);
    }

    @Override
    public LineagePage lineage(Caller caller, LineageRequest request) {
        get(caller, request.image());
        return new LineagePage(List.of(), null);
    }

    @Override
    public ImageRecord tag(Caller caller, UUID image, String tag) {
        TagName.require(tag);
        ImageRecord known = get(caller, image);
        rows.removeIf(row -> row.project().equals(caller.project())
                && tag.equals(row.record().tag()));
        return add(caller.project(), known.uuid(), tag, known.createdAt());
    }

    @Override
    public ImageRecord untag(Caller caller, UUID image, Optional<String> tag) {
        ImageRecord known = get(caller, image);
        boolean had = rows.removeIf(row -> row.record().uuid().equals(image)
                && row.record().tag() != null
                && (tag.isEmpty() || tag.get().equals(row.record().tag())));
        if (!had && tag.isPresent()) {
            throw notFound("tag " + tag.get());
        }
        return add(caller.project(), known.uuid(), null, known.createdAt());
    }

    @Override
    public RemovedImage remove(Caller caller, UUID image, boolean force, boolean dryRun) {
        List<String> tags = of(caller).stream()
                .filter(row -> row.uuid().equals(image) && row.tag() != null)
                .map(ImageRecord::tag)
                .toList();
        get(caller, image);
        if (!tags.isEmpty() && !force) {
            throw new ContreeException(ErrorCode.CONFLICT, "Cannot remove image " + image + ": it has tags.");
        }
        if (!dryRun) {
            rows.removeIf(row -> row.project().equals(caller.project())
                    && row.record().uuid().equals(image));
        }
        return new RemovedImage(image, tags, false, 0, dryRun, dryRun ? 0L : null, dryRun ? 0L : null);
    }

    @Override
    public void pin(Caller caller, UUID image) {
        get(caller, image);
    }

    @Override
    public void unpin(Caller caller, UUID image) {
        get(caller, image);
    }

    @Override
    public ImageUse usage(Caller caller, UUID image) {
        get(caller, image);
        return new ImageUse(image, 1, 2, 3, 4);
    }

    @Override
    public ProjectUse usage(Caller caller) {
        return new ProjectUse(
                new ProjectUse.Images(1, 2, 3, 4, 5),
                new ProjectUse.Part(6, 7),
                new ProjectUse.Part(8, 9),
                new ProjectUse.All(10, 11));
    }

    @Override
    public CollectedGarbage collect(Caller caller, boolean dryRun) {
        return new CollectedGarbage(0, 0, 0, 0, 0, dryRun);
    }

    @Override
    public ImageView view(Caller caller, UUID image) {
        get(caller, image);
        openViews.incrementAndGet();
        return tree.view(openViews::decrementAndGet);
    }

    @Override
    public ImageDiff diff(Caller caller, UUID from, UUID to, ImageDiff.Query query) {
        get(caller, from);
        get(caller, to);
        return diff;
    }

    @Override
    public Commit.Changes changes(Caller caller, UUID from, UUID to, int limit) {
        get(caller, from);
        get(caller, to);
        return changes;
    }

    private List<ImageRecord> of(Caller caller) {
        synchronized (rows) {
            return rows.stream()
                    .filter(row -> row.project().equals(caller.project()))
                    .map(Row::record)
                    .toList();
        }
    }

    static ContreeException notFound(String what) {
        return new ContreeException(ErrorCode.NOT_FOUND, "There is no " + what + " in this project");
    }
}
