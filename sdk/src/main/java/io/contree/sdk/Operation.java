package io.contree.sdk;

import io.contree.api.InstanceResult;
import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.api.RunOutcome;
import io.contree.sdk.internal.http.Wire;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The record of an operation at the moment when it was asked for. */
public final class Operation {
    private final OperationSummary summary;
    private final JsonNode json;

    private Operation(OperationSummary summary, JsonNode json) {
        this.summary = summary;
        this.json = json;
    }

    static Operation read(String action, byte[] body) {
        JsonNode json = Api.read(action, body, JsonNode.class);
        return new Operation(Api.read(action, body, OperationSummary.class), json);
    }

    public UUID uuid() {
        return summary.uuid();
    }

    public OperationStatus status() {
        return summary.status();
    }

    public OperationSummary summary() {
        return summary;
    }

    /** Why it FAILED. */
    public Optional<String> error() {
        return Optional.ofNullable(summary.error());
    }

    public Duration duration() {
        return Duration.ofNanos((long) (summary.duration() * 1e9));
    }

    /** The image that it made or left. */
    public Optional<UUID> resultImage() {
        return Optional.ofNullable(summary.resultImageUuid());
    }

    /** The operation whose record answered for a run, which did not run itself. See {@link Run#cache}. */
    public Optional<UUID> cachedFrom() {
        return Optional.ofNullable(summary.cachedFrom());
    }

    /** What isolates or isolated a run, such as {@code native}; empty for imports, and from servers that do not say. */
    public Optional<String> runtime() {
        JsonNode runtime = json.path("metadata").path("runtime");
        return runtime.isString() ? Optional.of(runtime.asString()) : Optional.empty();
    }

    /** How soon its turn comes, 1 for next; empty unless it waited for one at that moment. */
    public OptionalLong queuePosition() {
        Long position = summary.queuePosition();
        return position == null ? OptionalLong.empty() : OptionalLong.of(position);
    }

    /** The tag that an import put on its image. */
    public Optional<String> resultTag() {
        JsonNode tag = json.path("result").path("tag");
        return tag.isString() ? Optional.of(tag.asString()) : Optional.empty();
    }

    /** How the main process of a run ended; empty while it runs, and for imports. */
    public Optional<InstanceResult> process() {
        @Nullable JsonNode result = json.path("metadata").path("result");
        return result == null || !result.isObject()
                ? Optional.empty()
                : Optional.of(
                        Api.read("read the result of operation " + uuid(), Wire.write(result), InstanceResult.class));
    }

    /**
     * What decided how a run ended, and which limits it met; empty while it runs, for imports, and from servers that do not
     * say.
     */
    public Optional<RunOutcome> outcome() {
        JsonNode outcome = json.path("outcome");
        return outcome.isObject()
                ? Optional.of(
                        Api.read("read the outcome of operation " + uuid(), Wire.write(outcome), RunOutcome.class))
                : Optional.empty();
    }

    /** The record as the server sent it, as indented JSON. */
    public String json() {
        return json.toPrettyString();
    }

    @Override
    public String toString() {
        return "Operation[" + uuid() + ", " + status() + "]";
    }
}
