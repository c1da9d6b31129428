package io.contree.engine;

import io.contree.api.ImportRequest;
import io.contree.api.InstanceResult;
import io.contree.api.OperationSummary;
import io.contree.api.RunOutcome;
import io.contree.api.SpawnRequest;
import java.util.Map;
import java.util.Optional;

/**
 * Everything about an operation.
 *
 * @param result of the main process, or, if {@code inflight} is asked for, what is known of it so far
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
        return request.weight() + output;
    }

    /** What was asked for. */
    public sealed interface Request {
        /** About how many bytes of memory it takes until its operation ends. */
        long weight();
    }

    /** A run. */
    public record Instance(SpawnRequest spawn) implements Request {
        private static final long PER_TEXT = 128;
        private static final long PER_FILE = 640;

        @Override
        public long weight() {
            long weight =
                    (long) spawn.command().length() + spawn.stdin().value().length();
            for (String arg : spawn.args()) {
                weight += PER_TEXT + arg.length();
            }
            for (Map.Entry<String, String> variable : spawn.env().entrySet()) {
                weight += PER_TEXT
                        + variable.getKey().length()
                        + variable.getValue().length();
            }
            for (String path : spawn.files().keySet()) {
                weight += PER_FILE + path.length();
            }
            return weight;
        }
    }

    /** An import; credentials are masked. */
    public record Import(ImportRequest request) implements Request {
        @Override
        public long weight() {
            return 0;
        }
    }
}
