package io.contree.store.oci.registry;

import io.contree.store.stream.CountingStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Reads short answers. */
final class BoundedBody {
    private BoundedBody() {}

    /**
     * Reads at most {@code most} bytes and closes the answer.
     *
     * @param stall how long the body may stay silent
     * @throws IOException if the answer breaks or stalls
     */
    static byte[] read(HttpResponse<InputStream> response, int most, Duration stall) throws IOException {
        try (InputStream in = response.body();
                StallGuard guard = new StallGuard(in, stall)) {
            return new CountingStream(in, read -> guard.touch()).readNBytes(most);
        }
    }
}
