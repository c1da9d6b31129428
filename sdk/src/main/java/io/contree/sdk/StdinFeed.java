package io.contree.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Passes a stream on to the standard input of a process, on a thread of its own and as fast as the process reads, until the
 * stream ends or the process takes no more, which is no failure. If it fails, the process would take what it got for the
 * whole, so it is ended.
 */
final class StdinFeed implements Runnable {
    private static final int PIECE = 64 << 10;

    private final Subprocess process;
    private final InputStream from;
    private final Runnable end;
    private volatile @Nullable ContreeClientException failure;

    private StdinFeed(Subprocess process, InputStream from, Runnable end) {
        this.process = process;
        this.from = from;
        this.end = end;
    }

    /**
     * Begins.
     *
     * @param from closed at the end
     * @param end what to do if it fails
     */
    static StdinFeed start(Subprocess process, InputStream from, Runnable end) {
        StdinFeed feed = new StdinFeed(process, from, end);
        // A platform thread: nobody knows how long the stream will block, and on what.
        Thread thread = new Thread(feed, "contree-stdin");
        thread.setDaemon(true);
        thread.start();
        return feed;
    }

    /** Why it ended the process; null if it did not. */
    @Nullable
    ContreeClientException failure() {
        return failure;
    }

    @Override
    public void run() {
        try (from) {
            copy();
        } catch (IOException e) {
            fail(new LocalFileException("could not read what is to go to standard input", e));
        }
    }

    private void copy() throws IOException {
        OutputStream to = process.stdin();
        byte[] piece = new byte[PIECE];
        for (int read = from.read(piece); read >= 0; read = from.read(piece)) {
            if (!passOn(to, piece, read)) {
                return;
            }
        }
        close(to);
    }

    /** False if that was the last. */
    private boolean passOn(OutputStream to, byte[] piece, int length) {
        try {
            to.write(piece, 0, length);
            to.flush();
            return true;
        } catch (IOException e) {
            cannotPassOn(e);
            return false;
        }
    }

    private void close(OutputStream to) {
        try {
            to.close();
        } catch (IOException e) {
            cannotPassOn(e);
        }
    }

    private void cannotPassOn(IOException e) {
        Throwable why = e.getCause();
        boolean takesNoMore = why instanceof NotFoundException || why instanceof ConflictException;
        if (!takesNoMore && !(why instanceof ClientClosedException) && why instanceof ContreeClientException failed) {
            fail(failed);
        }
    }

    private void fail(ContreeClientException why) {
        failure = why;
        try {
            end.run();
        } catch (ContreeClientException e) {
            why.addSuppressed(e);
        }
    }
}
