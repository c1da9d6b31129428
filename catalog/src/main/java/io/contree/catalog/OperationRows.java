package io.contree.catalog;

import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.api.RunOutcome;
import io.contree.api.RunOutcome.Reason;
import io.contree.engine.OperationEnd;
import io.contree.engine.OperationRecord;
import io.contree.engine.Outcome;
import io.contree.engine.StoredForm;
import io.contree.store.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;

/** Rows of the table {@code operation}. */
final class OperationRows {
    private OperationRows() {}

    static OperationSummary summary(ResultSet row) throws SQLException {
        Long cpuMicros = Columns.longOrNull(row, "cpu_micros");
        return new OperationSummary(
                Columns.uuid(row, "uuid"),
                kind(row),
                OperationStatus.valueOf(row.getString("status")),
                row.getString("error"),
                Columns.instant(row, "created_at"),
                row.getLong("duration_micros") / 1e6,
                Columns.uuidOrNull(row, "image"),
                Columns.uuidOrNull(row, "result_image"),
                Columns.longOrNull(row, "image_size"),
                cpuMicros == null ? null : cpuMicros / 1e6,
                Columns.longOrNull(row, "max_rss"),
                Columns.uuidOrNull(row, "cached_from"),
                null);
    }

    static OperationRecord record(ResultSet row) throws SQLException {
        OperationStatus status = OperationStatus.valueOf(row.getString("status"));
        return new OperationRecord(
                Columns.uuid(row, "uuid"),
                Columns.uuid(row, "project"),
                StoredForm.request(kind(row), row.getString("request")),
                Columns.instant(row, "created_at"),
                Optional.ofNullable(Columns.uuidOrNull(row, "image")),
                status.isFinal() ? Optional.of(end(row, status)) : Optional.empty());
    }

    private static OperationKind kind(ResultSet row) throws SQLException {
        String wire = row.getString("kind");
        return Arrays.stream(OperationKind.values())
                .filter(kind -> kind.wire().equals(wire))
                .findFirst()
                .orElseThrow(() -> new SQLException("the catalog has an operation of an unknown kind: " + wire));
    }

    private static OperationEnd end(ResultSet row, OperationStatus status) throws SQLException {
        Optional<RunOutcome> run = Optional.ofNullable(row.getString("outcome")).map(StoredForm::run);
        return new OperationEnd(
                outcome(row, status, run.map(RunOutcome::reason)),
                Columns.instant(row, "ended_at"),
                Duration.of(row.getLong("duration_micros"), ChronoUnit.MICROS),
                run,
                Optional.ofNullable(row.getString("cache_key")).map(Digest::new),
                Optional.ofNullable(Columns.uuidOrNull(row, "cached_from")));
    }

    private static Outcome outcome(ResultSet row, OperationStatus status, Optional<Reason> decided)
            throws SQLException {
        var exit = Optional.ofNullable(row.getString("exit")).map(StoredForm::exit);
        return switch (status) {
            case FAILED -> new Outcome.Failed(decided.orElse(Reason.INFRASTRUCTURE), row.getString("error"), exit);
            case CANCELLED -> new Outcome.Cancelled(exit);
            default -> {
                if (kind(row) == OperationKind.IMAGE_IMPORT) {
                    Optional<String> tag = Optional.ofNullable(row.getString("result_tag"));
                    yield new Outcome.Imported(reached(row), tag, row.getLong("image_size"));
                }
                yield row.getString("result_image") == null
                        ? new Outcome.ThrownAway(exit.orElseThrow())
                        : new Outcome.Kept(reached(row), row.getLong("image_size"), exit.orElseThrow());
            }
        };
    }

    private static Outcome.Reached reached(ResultSet row) throws SQLException {
        return new Outcome.Reached(Columns.uuid(row, "result_image"), new Digest(row.getString("result_content")));
    }
}
