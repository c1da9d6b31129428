package io.contree.sdk.process;

import io.contree.sdk.ConflictException;
import io.contree.sdk.ContreeClientException;
import io.contree.sdk.Execution;
import io.contree.sdk.NotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Standard input of a process, a request for each write: to be buffered. A write waits until the process takes it. */
final class GuestInput extends OutputStream {
    /** Half of a pipe: what does not get through in the server's time is a failure, so the pieces are small. */
    static final int PIECE = 32 << 10;

    private final Execution execution;
    private boolean closed;

    GuestInput(Execution execution) {
        this.execution = execution;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int off, int len) throws IOException {
        for (int at = off; at < off + len; at += PIECE) {
            if (closed) {
                throw new IOException("Stream closed");
            }
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(off + len, at + PIECE));
            try {
                execution.writeStdin(piece);
            } catch (NotFoundException | ConflictException e) {
                throw new IOException("Broken pipe: the process has ended or closed its standard input", e);
            } catch (ContreeClientException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            execution.closeStdin();
        } catch (NotFoundException | ConflictException e) {
            // It has ended, or closed it itself.
        } catch (ContreeClientException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
