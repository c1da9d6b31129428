package io.contree.server.http.exchange;

import io.contree.linux.TimeSlice;
import io.contree.server.work.FileWork;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.webserver.CloseConnectionException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Output to a client; every failure means that it is gone. */
final class ClientOutput extends FilterOutputStream {
    private interface Step {
        void run() throws IOException;
    }

    /** A client that reads nothing for this long is disconnected. */
    private static final Duration STALL = Duration.ofMinutes(5);

    private final ConnectionWatch watch;
    private final FileWork.Waits waits;
    private final TimeSlice slice = new TimeSlice();
    private boolean begun;

    ClientOutput(OutputStream out, ConnectionWatch watch, FileWork.Waits waits) {
        super(out);
        this.watch = watch;
        this.waits = waits;
    }

    @Override
    public void write(int b) throws IOException {
        attempt(() -> out.write(b));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        attempt(() -> out.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
        attempt(out::flush);
    }

    @Override
    public void close() throws IOException {
        attempt(out::close);
    }

    /** True once anything was written or flushed, which sends the headers. */
    boolean hasBegun() {
        return begun;
    }

    private void attempt(Step step) throws ClientGoneException {
        begun = true;
        waits.begin();
        watch.begin(STALL);
        try {
            step.run();
        } catch (IOException | UncheckedIOException | CloseConnectionException | SocketWriterException e) {
            throw new ClientGoneException(e);
        } finally {
            watch.end();
        }
        slice.yieldWhenUsedUp();
        try {
            waits.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientGoneException(e);
        }
    }
}
