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
    public List<OperationSummary> list(UUID project, Operations.Filter filter, Page page) {
        boolean onlyLive = filter.status().isPresent() && !filter.status().get().isFinal();
        return onlyLive ? listLive(project, filter, page) : listRecorded(project, filter, page);
    }

    private List<OperationSummary> listLive(UUID project, Operations.Filter filter, Page page) {
        return live.all().stream()
                .filter(operation -> operation.record().project().equals(project))
                .map(OperationViews::summary)
                .filter(summary -> filter.status().equals(Optional.of(summary.status())))
                .filter(summary -> filter.kind().map(summary.kind()::equals).orElse(true))
                .filter(summary -> filter.since()
                        .map(since -> !summary.createdAt().isBefore(since))
                        .orElse(true))
                .filter(summary -> filter.until()
                        .map(until -> !summary.createdAt().isAfter(until))
                        .orElse(true))
                .sorted(Comparator.comparing(OperationSummary::createdAt)
                        .thenComparing(summary -> summary.uuid().toString())
                        .reversed())
                .skip(page.offset())
                .limit(page.limit())
                .toList();
    }

    private List<OperationSummary> listRecorded(UUID project, Operations.Filter filter, Page page) {
        List<OperationSummary> summaries = new ArrayList<>(catalog.operations(project, filter, page));
        summaries.replaceAll(
                summary -> summary.status() == OperationStatus.PENDING ? current(project, summary) : summary);
        return summaries;
    }

    private OperationSummary current(UUID project, OperationSummary pending) {
        return live.get(project, pending.uuid())
                .map(OperationViews::summary)
                .or(() -> catalog.operation(project, pending.uuid()).map(OperationViews::summary))
                .orElse(pending);
    }
}
