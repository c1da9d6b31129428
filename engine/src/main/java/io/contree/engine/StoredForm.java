package io.contree.engine;

import io.contree.api.ImportRequest;
import io.contree.api.Json;
import io.contree.api.OperationKind;
import io.contree.api.RunOutcome;
import io.contree.api.SpawnRequest;
import io.contree.sandbox.ExitStatus;
import java.nio.charset.StandardCharsets;

/** Requests, exits and outcomes as text in a catalog: the JSON of the wire, which every later version can read. */
public final class StoredForm {
    private StoredForm() {}

    public static String of(OperationDetails.Request request) {
        return Json.text(
                switch (request) {
                    case OperationDetails.Instance run -> run.spawn();
                    case OperationDetails.Import load -> load.request();
                });
    }

    /** The request of a kind from its text. */
    public static OperationDetails.Request request(OperationKind kind, String text) {
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        return switch (kind) {
            case INSTANCE -> new OperationDetails.Instance(Json.read(json, SpawnRequest.class));
            case IMAGE_IMPORT -> new OperationDetails.Import(Json.read(json, ImportRequest.class));
        };
    }

    public static String of(ExitStatus exit) {
        return Json.text(exit);
    }

    public static String of(RunOutcome outcome) {
        return Json.text(outcome);
    }

    public static RunOutcome run(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), RunOutcome.class);
    }

    public static ExitStatus exit(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), ExitStatus.class);
    }
}
