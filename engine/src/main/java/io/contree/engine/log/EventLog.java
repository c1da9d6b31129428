package io.contree.engine.log;

import io.contree.api.EventType;
import io.contree.api.OperationEvent;
import io.contree.api.StreamRepr;
import io.contree.engine.OperationEnd;
import io.contree.store.IoFailure;
import io.contree.store.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The log of one live operation: an append-only file of JSON lines, made with the first event.
 *
 * <p>{@code completion} is never in the file: it follows from the operation's record, which is written once the file is on
 * disk. So the two cannot contradict each other, and a reader can see it only after the record is final. A line that a crash
 * cut off ends the log. Readers read the file and are woken here; none can hold back a writer. Safe for use by several threads.
 */
public final class EventLog implements LogTail, AutoCloseable {
    /** Raw bytes of an output event: small enough that a thousand slow readers with one in hand do not matter. */
    static final int CHUNK = 16 << 10;

    /** How long an event waits for room on a full disk: those that filled it are stopped meanwhile. */
    private static final long ROOM_WAIT = TimeUnit.SECONDS.toNanos(5);

    private static final long ROOM_POLL = TimeUnit.MILLISECONDS.toNanos(20);

    private final Path file;
    private final Clock clock;
    private final long budget;
    private final Object syncing = new Object();
    private @Nullable StoreException lost;
    private volatile boolean waitsForRoom = true;

    private @Nullable RandomAccessFile out;
    private @Nullable OperationEvent completion;
    private boolean closed;
    private final CRC32C crc = new CRC32C();
    private long length;
    private long synced;
    private long nextId;
    private long streamBytes;
    private boolean capped;

    public EventLog(Path file, Clock clock, long budget) {
        this.file = file;
        this.clock = clock;
        this.budget = budget;
    }

    public Path file() {
        return file;
    }

    /** Where the next event goes. */
    public synchronized LogPosition position() {
        return new LogPosition(length, nextId);
    }

    /** True once events other than those of streams, which nothing else bounds, take up as much as streams may. */
    public synchronized boolean serviceFull() {
        return length - streamBytes > budget;
    }

    /**
     * Appends a service event. On a full disk it waits a few seconds for room, and so do others that use this log.
     *
     * @throws StoreException DISK_FULL, IO; the log is then as before
     */
    public synchronized void append(int spid, EventType type, Map<String, @Nullable Object> data) {
        write(EventLine.of(next(spid, type, data)));
    }

    /**
     * From now on no event waits for room: the operation is to end, and perhaps it is its files that take the room. May be called
     * while one waits.
     */
    public void waitNoLonger() {
        waitsForRoom = false;
    }

    /** Appends bytes of a stream, as far as the budget goes; returns how many were kept. Waits and throws as above. */
    public synchronized int appendStream(int spid, EventType type, byte[] bytes) {
        for (int from = 0; from < bytes.length; from += CHUNK) {
            byte[] chunk = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + CHUNK));
            if (!appendChunk(spid, type, chunk)) {
                return from;
            }
        }
        return bytes.length;
    }

    private boolean appendChunk(int spid, EventType type, byte[] chunk) {
        if (capped) {
            return false;
        }
        byte[] line = EventLine.of(next(spid, type, EventData.stream(StreamRepr.of(chunk, false))));
        if (streamBytes + line.length > budget) {
            capped = true;
            append(0, EventType.SIZE_CAP, EventData.sizeCap(budget, length));
            return false;
        }
        write(line);
        streamBytes += line.length;
        return true;
    }

    private OperationEvent next(int spid, EventType type, Map<String, @Nullable Object> data) {
        return new OperationEvent(nextId, clock.instant().truncatedTo(ChronoUnit.MICROS), spid, type.wire(), data);
    }

    private void write(byte[] line) {
        if (closed || completion != null) {
            return; // what a killed sandbox still says after the end was decided
        }
        long deadline = System.nanoTime() + ROOM_WAIT;
        Optional<IOException> refused = attempt(line);
        while (refused.isPresent()) {
            boolean again = waitsForRoom && System.nanoTime() - deadline < 0 && !closed;
            if (!again || !IoFailure.isFull(refused.get())) {
                throw IoFailure.of("write the event log", refused.get());
            }
            LockSupport.parkNanos(ROOM_POLL);
            refused = attempt(line);
        }
        crc.update(line);
        length += line.length;
        nextId++;
        notifyAll();
    }

    private Optional<IOException> attempt(byte[] line) {
        try {
            if (out == null) {
                out = new RandomAccessFile(file.toFile(), "rw");
            }
            out.write(line);
            return Optional.empty();
        } catch (IOException e) {
            cutBack();
            return Optional.of(e);
        }
    }

    private void cutBack() {
        try {
            if (out != null) {
                out.setLength(length);
                out.seek(length);
            }
        } catch (IOException e) {
            closed = true; // the torn line stays the last one, and readers stop before it
        }
    }

    /**
     * Puts everything appended so far on disk; does nothing if it is there. Not interruptible.
     *
     * @throws StoreException DISK_FULL, IO, now or at an earlier attempt: that loss is never made good
     */
    public void sync() {
        synchronized (syncing) {
            if (lost != null) {
                throw lost;
            }
            RandomAccessFile written;
            long upTo;
            synchronized (this) {
                written = out;
                upTo = length;
                if (written == null || upTo == synced) {
                    return;
                }
            }
            try {
                written.getFD().sync();
                if (synced == 0) {
                    LogDirectory.sync(Objects.requireNonNull(file.getParent(), "a log lies in a directory"));
                }
            } catch (IOException e) {
                lost = IoFailure.of("put the event log on disk", e);
                throw lost;
            }
            synchronized (this) {
                synced = upTo;
            }
        }
    }

    /** Starts {@link #sync} elsewhere, so that a later call finds little to do, and the failure if there was one. */
    public void startSync(Executor elsewhere) {
        elsewhere.execute(() -> {
            try {
                sync();
            } catch (StoreException e) {
                // the call that counts tells
            }
        });
    }

    /** Ends the log for its readers; to be called once the operation's record is final. */
    public synchronized void complete(OperationEnd end) {
        completion = EventData.completion(nextId, end);
        seal();
        close();
        notifyAll();
    }

    /** Lets later readers notice damage. A log without it, as after a crash or where the disk is full, is one of before. */
    private void seal() {
        if (out == null || closed) {
            return;
        }
        try {
            out.write(LogTrailer.of(length, crc).line());
        } catch (IOException e) {
            cutBack();
        }
    }

    @Override
    public synchronized Optional<OperationEvent> completion() {
        return Optional.ofNullable(completion);
    }

    @Override
    public synchronized long length() {
        return length;
    }

    @Override
    public synchronized void await(long position, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (length <= position && completion == null) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return;
            }
            wait(left / 1_000_000 + 1);
        }
    }

    /** Closes the file; later events are dropped. */
    @Override
    public synchronized void close() {
        closed = true;
        if (out != null) {
            try {
                out.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close the event log " + file, e);
            } finally {
                out = null;
            }
        }
    }
}
