package io.contree.server.http.routes;

import io.contree.api.Json;
import io.contree.engine.OperationDetails;
import tools.jackson.databind.node.ObjectNode;

/** The whole record of an operation on the wire. Both kinds have all of their keys in every state. */
final class OperationJson {
    private OperationJson() {}

    static ObjectNode of(OperationDetails details) {
        ObjectNode json = Json.tree(details.summary());
        details.outcome().ifPresent(outcome -> json.set("outcome", Json.tree(outcome)));
        json.set("metadata", metadata(details));
        if (!details.summary().status().isFinal()) {
            return json.putNull("result");
        }
        var image = details.summary().resultImageUuid();
        ObjectNode result = json.putObject("result");
        result.put("image", image == null ? null : image.toString());
        result.put("tag", details.resultTag().orElse(null));
        return json;
    }

    private static ObjectNode metadata(OperationDetails details) {
        return switch (details.request()) {
            case OperationDetails.Instance instance -> {
                ObjectNode metadata = Json.tree(instance.spawn());
                if (details.result().isEmpty()) {
                    metadata.putNull("result");
                } else {
                    metadata.set("result", Json.tree(details.result().get()));
                }
                yield metadata;
            }
            // Old clients tell the kinds apart by the keys, so there is not one too many here.
            case OperationDetails.Import imported -> {
                ObjectNode metadata = Json.tree(imported.request());
                if (!metadata.has("tag")) {
                    metadata.putNull("tag");
                }
                yield metadata;
            }
        };
    }
}
