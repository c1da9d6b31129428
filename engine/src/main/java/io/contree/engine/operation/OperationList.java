package io.contree.engine.operation;

import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.engine.OperationCatalog;
import io.contree.engine.Operations;
import io.contree.engine.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Lists operations: the catalog knows those that ended, and of the others only that they were accepted. */
public record OperationList(OperationCatalog catalog, LiveOperations live) {
    /** One that has not ended, as it was when it was looked at; positions are computed for those of the page alone. */
    private record Listed(LiveOperation operation, OperationSummary summary) {}

    public List<OperationSummary> list(UUID project, Operations.Filter filter, Page page) {
        boolean onlyLive = filter.status().isPresent() && !filter.status().get().isFinal();
        return onlyLive ? listLive(project, filter, page) : listRecorded(project, filter, page);
    }

    private List<OperationSummary> listLive(UUID project, Operations.Filter filter, Page page) {
        return live.all().stream()
                .filter(operation -> operation.record().project().equals(project))
                .map(operation -> new Listed(operation, OperationViews.summary(operation)))
                .filter(listed -> matches(listed.summary(), filter))
                .sorted(Comparator.comparing((Listed listed) -> listed.summary().createdAt())
                        .thenComparing(listed -> listed.summary().uuid().toString())
                        .reversed())
                .skip(page.offset())
                .limit(page.limit())
                .map(listed -> OperationViews.withPosition(listed.operation(), listed.summary()))
                .toList();
    }

    private static boolean matches(OperationSummary summary, Operations.Filter filter) {
        return filter.status().equals(Optional.of(summary.status()))
                && filter.kind().map(summary.kind()::equals).orElse(true)
                && filter.since()
                        .map(since -> !summary.createdAt().isBefore(since))
                        .orElse(true)
                && filter.until()
                        .map(until -> !summary.createdAt().isAfter(until))
                        .orElse(true);
    }

    private List<OperationSummary> listRecorded(UUID project, Operations.Filter filter, Page page) {
        List<OperationSummary> summaries = new ArrayList<>(catalog.operations(project, filter, page));
        summaries.replaceAll(
                summary -> summary.status() == OperationStatus.PENDING ? current(project, summary) : summary);
        return summaries;
    }

    private OperationSummary current(UUID project, OperationSummary pending) {
        return live.get(project, pending.uuid())
                .map(found -> OperationViews.withPosition(found, OperationViews.summary(found)))
                .or(() -> catalog.operation(project, pending.uuid()).map(OperationViews::summary))
                .orElse(pending);
    }
}
