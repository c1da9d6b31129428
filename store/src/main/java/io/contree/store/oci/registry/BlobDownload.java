package io.contree.store.oci.registry;

import io.contree.store.Digest;
import io.contree.store.StoreException;
import io.contree.store.oci.image.Descriptor;
import io.contree.store.oci.limit.ImportControl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * One blob on its way into a file. After a broken connection the download resumes where it broke if the registry can do
 * that; an attempt that brought something does not count. The file is kept only if its size and digest are right.
 */
final class BlobDownload {
    private static final int BUFFER = 64 << 10;

    private final Descriptor blob;
    private final Path file;
    private final Source source;
    private final RegistryTransport transport;
    private final RegistryFailure failure;
    private final RetryPolicy retries;
    private final ImportControl control;
    private MessageDigest sha256 = Digest.sha256();
    private long done;

    /** Asks for the blob from an offset on. */
    interface Source {
        HttpResponse<InputStream> from(Descriptor blob, long offset) throws InterruptedException;
    }

    BlobDownload(
            Descriptor blob,
            Path file,
            Source source,
            RegistryTransport transport,
            RegistryFailure failure,
            RetryPolicy retries,
            ImportControl control) {
        this.blob = blob;
        this.file = file;
        this.source = source;
        this.transport = transport;
        this.failure = failure;
        this.retries = retries;
        this.control = control;
    }

    void run() throws IOException, InterruptedException {
        boolean complete = false;
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            int fruitless = 0;
            do {
                long before = done;
                Optional<IOException> broken = attempt(out);
                if (done < blob.size() || broken.isPresent()) {
                    fruitless = done > before ? 1 : fruitless + 1;
                    transport.pause(fruitless, Optional.empty(), broken(broken));
                }
            } while (done < blob.size());
            if (!Digest.of(sha256.digest()).equals(blob.digest())) {
                throw failure.broken("the layer " + blob.digest() + " does not match its digest.");
            }
            complete = true;
        } finally {
            if (!complete) {
                Files.deleteIfExists(file);
            }
        }
    }

    private StoreException broken(Optional<IOException> cause) {
        String what = "the layer " + blob.digest() + " ended after " + done + " of " + blob.size() + " bytes.";
        return cause.map(e -> failure.broken(what, e)).orElseGet(() -> failure.broken(what));
    }

    private Optional<IOException> attempt(FileChannel out) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = source.from(blob, done);
        try (InputStream in = response.body()) {
            if (response.statusCode() == 200) {
                restart(out);
            } else if (response.statusCode() != 206 || !continues(response)) {
                throw failure.answered(response);
            }
            return copy(in, out);
        }
    }

    private void restart(FileChannel out) throws IOException {
        done = 0;
        sha256 = Digest.sha256();
        out.truncate(0);
        out.position(0);
    }

    private boolean continues(HttpResponse<?> response) {
        return done > 0
                && response.headers()
                        .firstValue("Content-Range")
                        .filter(range -> range.startsWith("bytes " + done + "-"))
                        .isPresent();
    }

    /** Copies until the end or until the connection breaks, and returns that failure; others are thrown. */
    private Optional<IOException> copy(InputStream in, FileChannel file) throws IOException {
        OutputStream out = Channels.newOutputStream(file);
        byte[] buffer = new byte[BUFFER];
        try (StallGuard guard = new StallGuard(in, retries.stall())) {
            while (true) {
                control.check();
                int read;
                try {
                    read = in.read(buffer);
                } catch (IOException e) {
                    control.check();
                    return Optional.of(e);
                }
                if (read < 0) {
                    return Optional.empty();
                }
                guard.touch();
                if (read > blob.size() - done) {
                    throw failure.broken(
                            "the layer " + blob.digest() + " has more than its " + blob.size() + " bytes.");
                }
                out.write(buffer, 0, read);
                sha256.update(buffer, 0, read);
                done += read;
                control.progress().step(blob.digest().toString(), done, blob.size());
            }
        }
    }
}
