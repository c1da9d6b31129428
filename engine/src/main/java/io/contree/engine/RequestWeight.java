package io.contree.engine;

import io.contree.api.SpawnRequest;
import java.util.Map;

/** About how many bytes of memory a request takes until its operation ends. */
public final class RequestWeight {
    private static final long PER_TEXT = 128;
    private static final long PER_FILE = 640;

    private RequestWeight() {}

    public static long of(OperationDetails.Request request) {
        return request instanceof OperationDetails.Instance(SpawnRequest spawn) ? of(spawn) : 0;
    }

    private static long of(SpawnRequest spawn) {
        long weight = (long) spawn.command().length() + spawn.stdin().value().length();
        for (String arg : spawn.args()) {
            weight += PER_TEXT + arg.length();
        }
        for (Map.Entry<String, String> variable : spawn.env().entrySet()) {
            weight +=
                    PER_TEXT + variable.getKey().length() + variable.getValue().length();
        }
        for (String path : spawn.files().keySet()) {
            weight += PER_FILE + path.length();
        }
        return weight;
    }
}
