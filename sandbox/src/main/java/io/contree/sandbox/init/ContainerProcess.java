package io.contree.sandbox.init;

import io.contree.sandbox.ExitStatus;
import io.contree.sandbox.ProcessListener;
import io.contree.sandbox.ProcessListener.Stream;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** One process of a container, as init's frames describe it. */
final class ContainerProcess implements SandboxProcess {
    private static final int MAX_OUTPUT = 65_536;

    private final int spid;
    private final ProcessListener listener;
    private final FrameWriter writer;
    private final StdinWindow stdin;
    // Keeps the bytes of one writeStdin together, and the end of standard input behind them.
    private final ReentrantLock stdinOrder = new ReentrantLock();
    private volatile boolean alive = true;

    ContainerProcess(int spid, boolean stdinOpen, ProcessListener listener, FrameWriter writer) {
        this.spid = spid;
        this.listener = listener;
        this.writer = writer;
        this.stdin = new StdinWindow(stdinOpen);
    }

    @Override
    public int spid() {
        return spid;
    }

    @Override
    public boolean isAlive() {
        return alive;
    }

    @Override
    public boolean awaitStdin(int bytes, Duration timeout) throws InterruptedException {
        int free = stdin.await(bytes, StdinWindow.nanos(timeout));
        if (free < 0) {
            throw stdinClosed();
        }
        return free >= bytes;
    }

    @Override
    public int writeStdin(byte[] bytes, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + Math.min(StdinWindow.nanos(timeout), Long.MAX_VALUE / 2);
        if (!stdinOrder.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return 0;
        }
        try {
            int written = 0;
            while (written < bytes.length) {
                int taken = stdin.take(Math.min(bytes.length - written, MAX_OUTPUT), deadline - System.nanoTime());
                if (taken < 0) {
                    throw stdinClosed();
                }
                if (taken == 0) {
                    return written;
                }
                send('I', bytes, written, taken);
                written += taken;
            }
            return written;
        } finally {
            stdinOrder.unlock();
        }
    }

    @Override
    public void closeStdin() {
        stdinOrder.lock();
        try {
            if (!stdin.close()) {
                throw stdinClosed();
            }
            send('C', new byte[0], 0, 0);
        } finally {
            stdinOrder.unlock();
        }
    }

    @Override
    public void signal(int number) {
        if (!alive) {
            throw ended();
        }
        byte[] payload = ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
        send('K', payload, 0, payload.length);
    }

    /** Takes a frame about this process; called by the sandbox's reader alone. */
    void receive(Frame frame) throws BrokenFrameException {
        if (!alive) {
            throw new BrokenFrameException("frame " + frame + " came after the end of its process");
        }
        switch (frame.type()) {
            case 'P' -> started(frame.sized(3 * Integer.BYTES).payload());
            case 'O' -> output(Stream.STDOUT, frame);
            case 'E' -> output(Stream.STDERR, frame);
            case 'W' -> stdin.credit(frame.sized(Integer.BYTES).payload().getInt());
            case 'Z' -> stdin.close();
            case 'T' -> truncated(frame.sized(1 + 2 * Long.BYTES));
            case 'F' -> refuse(frame.text());
            case 'Q' -> {
                ExitStatus status = ExitPayload.decode(frame);
                end();
                listener.exited(status);
            }
            default -> throw new BrokenFrameException("frame " + frame + " is of no known type");
        }
    }

    /** It could not be spawned. */
    void refuse(String reason) {
        end();
        listener.spawnFailed(reason);
    }

    /** The container ended first. */
    void lost(String reason) {
        if (alive) {
            end();
            listener.lost(reason);
        }
    }

    private void end() {
        alive = false;
        stdin.close();
    }

    private void started(ByteBuffer ids) {
        listener.started(ids.getInt(), ids.getInt(), ids.getInt());
    }

    private void output(Stream stream, Frame frame) throws BrokenFrameException {
        int length = frame.payload().remaining();
        if (length < 1 || length > MAX_OUTPUT) {
            throw new BrokenFrameException("frame " + frame + " is out of bounds for output");
        }
        listener.output(stream, frame.bytes());
    }

    private void truncated(Frame frame) throws BrokenFrameException {
        ByteBuffer payload = frame.payload();
        Stream stream = switch (payload.get()) {
            case 'O' -> Stream.STDOUT;
            case 'E' -> Stream.STDERR;
            default -> throw new BrokenFrameException("frame " + frame + " truncates no known stream");
        };
        listener.truncated(stream, payload.getLong(), payload.getLong());
    }

    private void send(char type, byte[] bytes, int offset, int length) {
        try {
            writer.write(type, spid, bytes, offset, length);
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxException.Kind.CLOSED, "the sandbox of process " + spid + " has ended", e);
        }
    }

    private SandboxException stdinClosed() {
        return alive
                ? new SandboxException(
                        SandboxException.Kind.CLOSED, "the standard input of process " + spid + " is closed")
                : ended();
    }

    private SandboxException ended() {
        return new SandboxException(SandboxException.Kind.CLOSED, "process " + spid + " has ended");
    }
}
