package io.contree.store.oci.registry;

import io.contree.store.stream.CountingStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The start of a short answer. */
final class BoundedBody {
    private BoundedBody() {}

    /**
     * Reads at most so many bytes and closes the answer.
     *
     * @param stall how long nothing may come
     * @throws IOException if the answer breaks or stalls
     */
    static byte[] read(HttpResponse<InputStream> response, int most, Duration stall) throws IOException {
        try (InputStream in = response.body();
                StallGuard guard = new StallGuard(in, stall)) {
            return new CountingStream(in, read -> guard.touch()).readNBytes(most);
        }
    }
}
