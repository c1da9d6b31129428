package io.contree.sdk;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What differs between two images, up to a limit.
 *
 * @param more how many further differences there are
 */
public record Changes(@JsonProperty("changes") List<Change> listed, long more) {
    /** One difference; {@code kind} is {@code added}, {@code modified} or {@code deleted}, the path is absolute. */
    public record Change(String kind, String path) {
        public Change {
            path = path.startsWith("/") ? path : "/" + path;
        }
    }

    public Changes {
        listed = List.copyOf(listed);
    }

    public boolean isEmpty() {
        return listed.isEmpty() && more == 0;
    }
}
