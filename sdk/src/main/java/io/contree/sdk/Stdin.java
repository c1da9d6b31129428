package io.contree.sdk;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Standard input as it goes over the wire. */
final class Stdin {
    private Stdin() {}

    /** These bytes and then the end. */
    static Map<String, Object> closed(byte[] bytes) {
        return Map.of("value", Base64.getEncoder().encodeToString(bytes), "encoding", "base64");
    }

    /** None so far, with all of it to come. */
    static Map<String, Object> toCome() {
        return open(null);
    }

    /** What was said so far, if anything, with more to come. */
    static Map<String, Object> open(@Nullable Object soFar) {
        Map<String, Object> open = new LinkedHashMap<>();
        if (soFar instanceof Map<?, ?> said) {
            said.forEach((name, value) -> open.put(String.valueOf(name), value));
        } else {
            open.put("value", "");
        }
        open.put("close", false);
        return open;
    }
}
