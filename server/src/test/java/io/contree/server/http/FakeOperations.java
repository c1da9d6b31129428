package io.contree.server.http;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.ImportRequest;
import io.contree.api.OperationKind;
import io.contree.api.OperationSummary;
import io.contree.api.SpawnRequest;
import io.contree.api.Uuids;
import io.contree.engine.Action;
import io.contree.engine.Caller;
import io.contree.engine.EventReader;
import io.contree.engine.OperationDetails;
import io.contree.engine.Operations;
import io.contree.engine.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Operations that go on only when a test says so. */
final class FakeOperations implements Operations {
    final Map<UUID, FakeOperation> all = new ConcurrentHashMap<>();
    final AtomicInteger readers = new AtomicInteger();
    volatile @Nullable RuntimeException refusal;
    private final FakeImages images;
    private final FakeFiles files;

    FakeOperations(FakeImages images, FakeFiles files) {
        this.images = images;
        this.files = files;
    }

    @Override
    public Accepted spawn(Caller caller, SpawnRequest request) {
        Action.requireStart(caller, request.disposable());
        if (refusal != null) {
            throw refusal;
        }
        String image = request.image();
        UUID uuid = image.startsWith("tag:")
                ? images.byTag(caller, image.substring(4)).uuid()
                : images.get(caller, UUID.fromString(image)).uuid();
        for (SpawnRequest.FileSpec file : request.files().values()) {
            if (files.byUuid(caller, Uuids.parse(file.uuid()).orElseThrow()).isEmpty()) {
                throw FakeImages.notFound("file " + file.uuid());
            }
        }
        SpawnRequest resolved = request.toBuilder().image(uuid.toString()).build();
        FakeOperation operation = new FakeOperation(
                caller.project(), OperationKind.INSTANCE, uuid, new OperationDetails.Instance(resolved));
        all.put(operation.id, operation);
        return new Accepted(operation.id, resolved);
    }

    @Override
    public UUID importImage(Caller caller, ImportRequest request) {
        ImportRequest masked = new ImportRequest(
                new ImportRequest.Registry(
                        request.registry().url(),
                        request.registry().credentials().map(ImportRequest.Credentials::masked)),
                request.tag(),
                request.timeout());
        FakeOperation operation = new FakeOperation(
                caller.project(), OperationKind.IMAGE_IMPORT, null, new OperationDetails.Import(masked));
        all.put(operation.id, operation);
        return operation.id;
    }

    FakeOperation require(Caller caller, UUID id) {
        FakeOperation operation = all.get(id);
        if (operation == null || !operation.project.equals(caller.project())) {
            throw FakeImages.notFound("operation " + id);
        }
        return operation;
    }

    @Override
    public OperationDetails get(Caller caller, UUID operation, boolean inflight) {
        return require(caller, operation).details(inflight);
    }

    @Override
    public boolean awaitEnd(Caller caller, UUID operation, Duration atMost) throws InterruptedException {
        return require(caller, operation).awaitEnd(atMost);
    }

    @Override
    public List<OperationSummary> list(Caller caller, Filter filter, Page page) {
        return all.values().stream()
                .filter(operation -> operation.project.equals(caller.project()))
                .map(operation -> operation.details(false).summary())
                .filter(summary -> filter.status().isEmpty() || filter.status().get() == summary.status())
                .filter(summary -> filter.kind().isEmpty() || filter.kind().get() == summary.kind())
                .filter(summary -> isIn(filter, summary.createdAt()))
                .sorted(Comparator.comparing(OperationSummary::createdAt).reversed())
                .skip(page.offset())
                .limit(page.limit())
                .toList();
    }

    private static boolean isIn(Filter filter, Instant at) {
        return (filter.since().isEmpty() || at.isAfter(filter.since().get()))
                && (filter.until().isEmpty() || at.isBefore(filter.until().get()));
    }

    @Override
    public void cancel(Caller caller, UUID operation) {
        if (!require(caller, operation).cancel()) {
            throw new ContreeException(ErrorCode.CONFLICT, "operation " + operation + " has ended already");
        }
    }

    @Override
    public EventReader events(Caller caller, UUID operation, long after) {
        FakeOperation found = require(caller, operation);
        readers.incrementAndGet();
        return found.reader(after, readers::decrementAndGet);
    }
}
