package io.contree.catalog;

import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
                Columns.longOrNull(row, "max_rss"));
    }

    static OperationRecord record(ResultSet row) throws SQLException {
        OperationStatus status = OperationStatus.valueOf(row.getString("status"));
        return new OperationRecord(
                Columns.uuid(row, "uuid"),
                Columns.uuid(row, "project"),
                StoredForm.request(kind(row), row.getString("request")),
                Columns.instant(row, "created_at"),
                Optional.ofNullable(Columns.uuidOrNull(row, "image")),
                status.isFinal() ? Optional.of(outcome(row, status)) : Optional.empty());
    }

    private static OperationKind kind(ResultSet row) throws SQLException {
        String wire = row.getString("kind");
        return Arrays.stream(OperationKind.values())
                .filter(kind -> kind.wire().equals(wire))
                .findFirst()
                .orElseThrow(() -> new SQLException("the catalog has an operation of an unknown kind: " + wire));
    }

    private static Outcome outcome(ResultSet row, OperationStatus status) throws SQLException {
        return new Outcome(
                status,
                Optional.ofNullable(row.getString("error")),
                Columns.instant(row, "ended_at"),
                Duration.of(row.getLong("duration_micros"), ChronoUnit.MICROS),
                reached(Columns.uuidOrNull(row, "result_image"), row.getString("result_content")),
                Optional.ofNullable(row.getString("result_tag")),
                Optional.ofNullable(Columns.longOrNull(row, "image_size")),
                Optional.ofNullable(row.getString("exit")).map(StoredForm::exit),
                Optional.ofNullable(row.getString("outcome")).map(StoredForm::run));
    }

    private static Optional<Outcome.Reached> reached(@Nullable UUID image, @Nullable String contentDigest) {
        return image == null || contentDigest == null
                ? Optional.empty()
                : Optional.of(new Outcome.Reached(image, new Digest(contentDigest)));
    }
}
