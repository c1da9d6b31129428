package io.contree.engine;

import io.contree.api.ImportRequest;
import io.contree.api.InstanceResult;
import io.contree.api.OperationSummary;
import io.contree.api.RunOutcome;
import io.contree.api.SpawnRequest;
import java.util.Optional;

/**
 * Everything about an operation.
 *
 * @param result of the main process, or, asked {@code inflight}, what is known of it so far
 * @param resultTag the tag that an import put on its image
 * @param outcome what decided how a run ended and which limits it met; empty until it is final
 */
public record OperationDetails(
        OperationSummary summary,
        Request request,
        Optional<InstanceResult> result,
        Optional<String> resultTag,
        Optional<RunOutcome> outcome) {
    /** About how many bytes of memory its texts take. */
    public long weight() {
        long output = result.map(of -> (long) of.stdout().value().length()
                        + of.stderr().value().length())
                .orElse(0L);
        return RequestWeight.of(request) + output;
    }

    /** What was asked for. */
    public sealed interface Request {}

    /** A run. */
    public record Instance(SpawnRequest spawn) implements Request {}

    /** An import; credentials are masked. */
    public record Import(ImportRequest request) implements Request {}
}
