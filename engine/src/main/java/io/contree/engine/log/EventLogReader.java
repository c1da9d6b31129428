package io.contree.engine.log;

import io.contree.api.OperationEvent;
import io.contree.engine.EventReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a log's file as far as its tail allows; holds one buffer while it has something to read and none while it waits. */
public final class EventLogReader implements EventReader {
    /** Id of a completion that gets the number after the last event of the file. */
    static final long COUNTED = -1;

    private static final byte[] NOTHING = new byte[0];
    private static final int BLOCK = 8 << 10;

    private final Path file;
    private final LogTail tail;
    private final long after;

    private @Nullable RandomAccessFile in;
    private byte[] buffer = NOTHING;
    private int from;
    private int to;
    private long position;
    private long nextId;
    private boolean broken;
    private boolean ended;

    public EventLogReader(Path file, LogTail tail, long after) {
        this(file, tail, LogPosition.START, after);
    }

    /** Reads from a position on, as if there were nothing before it. */
    EventLogReader(Path file, LogTail tail, LogPosition start, long after) {
        this.file = file;
        this.tail = tail;
        this.after = after;
        this.position = start.bytes();
        this.nextId = start.id();
    }

    @Override
    public Optional<OperationEvent> next(Duration wait) throws InterruptedException {
        Optional<OperationEvent> event = poll();
        if (event.isPresent() || ended || !wait.isPositive()) {
            return event;
        }
        buffer = NOTHING;
        from = 0;
        to = 0;
        tail.await(position, wait);
        return poll();
    }

    /** The next event if it is there now. */
    Optional<OperationEvent> poll() {
        if (ended) {
            return Optional.empty();
        }
        Optional<OperationEvent> completion = tail.completion(); // asked first: after it nothing is added to the file
        Optional<OperationEvent> logged = logged();
        if (logged.isPresent() || completion.isEmpty()) {
            return logged;
        }
        ended = true;
        return completion.map(this::counted).filter(event -> event.id() > after);
    }

    private OperationEvent counted(OperationEvent event) {
        return event.id() != COUNTED
                ? event
                : new OperationEvent(nextId, event.ts(), event.spid(), event.type(), event.data());
    }

    private Optional<OperationEvent> logged() {
        try {
            for (int end = broken ? -1 : line(); end >= 0; end = line()) {
                int start = from;
                from = end + 1;
                Optional<OperationEvent> event = Optional.empty();
                boolean wanted = nextId > after;
                if (wanted) {
                    event = EventLine.parse(buffer, start, end);
                }
                if (EventLine.id(buffer, start, end) != nextId || (wanted && event.isEmpty())) {
                    breakOff();
                    return Optional.empty();
                }
                nextId++;
                if (wanted) {
                    return event;
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the event log " + file, e);
        }
    }

    /** A line that a crash left behind: nothing after it can be trusted. */
    private void breakOff() {
        broken = true;
        to = from;
        position = Long.MAX_VALUE;
    }

    /** Index of the line feed that ends the line at {@code from}; -1 if there is no whole line yet. */
    private int line() throws IOException {
        int searched = from;
        while (true) {
            for (; searched < to; searched++) {
                if (buffer[searched] == '\n') {
                    return searched;
                }
            }
            int shifted = from;
            if (!fill()) {
                rewind();
                return -1;
            }
            searched -= shifted - from;
        }
    }

    /** Reads on after {@code to}; false at the end of what may be read. */
    private boolean fill() throws IOException {
        long readable = tail.length() - position;
        if (readable <= 0) {
            return false;
        }
        if (in == null) {
            in = new RandomAccessFile(file.toFile(), "r");
        }
        buffer = Arrays.copyOfRange(buffer, from, from + Math.max(BLOCK, 2 * (to - from)));
        to -= from;
        from = 0;
        in.seek(position);
        int read = in.read(buffer, to, (int) Math.min(buffer.length - to, readable));
        if (read <= 0) {
            return false;
        }
        to += read;
        position += read;
        return true;
    }

    /** Goes back to the start of a line that is not whole, so that the buffer can go while waiting. */
    private void rewind() {
        position -= to - from;
        to = from;
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public void close() {
        buffer = NOTHING;
        from = 0;
        to = 0;
        ended = true;
        if (in != null) {
            try {
                in.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close the event log " + file, e);
            } finally {
                in = null;
            }
        }
    }
}
