package io.contree.sdk.internal.http;

import io.contree.api.FileRecord;
import io.contree.api.GrepResult;
import io.contree.api.ImageRecord;
import io.contree.api.InstanceResult;
import io.contree.api.OperationEvent;
import io.contree.api.OperationSummary;
import io.contree.api.RunOutcome;
import io.contree.api.StreamRepr;
import io.contree.api.Whoami;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether an answer has the parts that every server sends and that this client relies on. Reading JSON leaves what is
 * missing null, which would show up far away.
 */
public final class Completeness {
    private Completeness() {}

    @org.jspecify.annotations.NullUnmarked
    static boolean isComplete(@Nullable Object value) {
        if (value instanceof ImageRecord image) {
            return areThere(image.uuid(), image.createdAt());
        }
        if (value instanceof OperationSummary operation) {
            return areThere(operation.uuid(), operation.kind(), operation.status(), operation.createdAt());
        }
        if (value instanceof OperationEvent event) {
            return areThere(event.type(), event.data());
        }
        if (value instanceof FileRecord file) {
            return areThere(file.uuid(), file.sha256());
        }
        if (value instanceof InstanceResult result) {
            return areThere(result.state(), result.resources())
                    && isComplete(result.stdout())
                    && isComplete(result.stderr());
        }
        if (value instanceof StreamRepr stream) {
            return areThere(stream.value(), stream.encoding());
        }
        if (value instanceof Whoami me) {
            return areThere(me.tokenUuid(), me.permissions(), me.limits());
        }
        if (value instanceof GrepResult found) {
            return found.matches().stream().allMatch(line -> areThere(line.path(), line.lineText(), line.submatches()));
        }
        if (value instanceof RunOutcome outcome) {
            return outcome.reason() != null
                    && outcome.limits().stream().allMatch(limit -> areThere(limit.limit(), limit.unit()));
        }
        if (value instanceof Object[] array) {
            return Arrays.stream(array).allMatch(Completeness::isComplete);
        }
        if (value instanceof Iterable<?> list && !(value instanceof tools.jackson.databind.JsonNode)) {
            boolean all = true;
            for (Object element : list) {
                all &= isComplete(element);
            }
            return all;
        }
        if (value instanceof Answered answered) {
            return isComplete(answered.essence());
        }
        return value != null;
    }

    /** An answer of a shape that only this client has. */
    public interface Answered {
        /** What must be there. */
        @Nullable
        Object essence();
    }

    private static boolean areThere(@Nullable Object... parts) {
        return Arrays.stream(parts).allMatch(Objects::nonNull);
    }
}
