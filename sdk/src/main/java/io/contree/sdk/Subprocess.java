package io.contree.sdk;

import io.contree.api.ClientRequest;
import io.contree.api.EventType;
import io.contree.api.InstanceResult;
import io.contree.sdk.internal.http.Deadline;
import io.contree.sdk.internal.http.Query;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A process in the sandbox of a run: the main one or a further one. */
public final class Subprocess {
    /** The most bytes of one write, by the protocol. */
    private static final int MOST_INPUT = 512 << 10;

    private final Api api;
    private final UUID operation;
    private final int spid;

    Subprocess(Api api, UUID operation, int spid) {
        this.api = api;
        this.operation = operation;
        this.spid = spid;
    }

    /** Its number in the run: 1 is the main process, further ones count from 2. The events of the process carry it. */
    public int spid() {
        return spid;
    }

    /** The operation that it belongs to. */
    public UUID operation() {
        return operation;
    }

    /**
     * What it has done so far, for as long as the server keeps the operation.
     *
     * @throws NotFoundException if there never was such a process
     */
    public ProcessResult result() {
        return new ProcessResult(api.get("look at " + this, path(), InstanceResult.class));
    }

    /** Waits for its end. */
    public ProcessResult await() {
        return await(Deadline.never(), "");
    }

    /**
     * Waits for its end, but no longer than this.
     *
     * @throws WaitTimeoutException if it has not ended by then; it goes on
     */
    public ProcessResult await(Duration atMost) {
        return await(Deadline.in(atMost), Deadline.within(atMost));
    }

    private ProcessResult await(Deadline deadline, String within) {
        ProcessResult current = result();
        if (current.isAlive() && !deadline.isOver()) {
            try (EventStream events = EventStream.ofProcess(api, operation, spid, deadline)) {
                boolean ended = false;
                while (!ended && events.hasNext()) {
                    ended = events.next().eventType() == EventType.EXIT;
                }
            }
            current = result();
        }
        if (current.isAlive()) {
            throw new WaitTimeoutException(operation, this + " has not ended" + within, null);
        }
        return current;
    }

    /**
     * Standard output from its start, live; ends with the process, and by an exception if more than its limit was dropped.
     * Close it.
     */
    public InputStream stdout() {
        return output(EventType.STDOUT);
    }

    /** Standard error, as {@link #stdout()}. */
    public InputStream stderr() {
        return output(EventType.STDERR);
    }

    private InputStream output(EventType stream) {
        return new ProcessOutput(EventStream.ofProcess(api, operation, spid, Deadline.never()), stream);
    }

    /**
     * Standard input of a process that was started with it open. What is written is sent when there is enough of it, or by
     * {@link OutputStream#flush()}; closing it is the end of the input.
     */
    public OutputStream stdin() {
        return new ProcessInput(this);
    }

    /**
     * Writes to standard input, at most 512 KiB at once. It is never sent twice: after a {@link TransportException} or {@link
     * ServerException} nobody knows how much of it arrived. {@link #stdin()} has no such limit and waits for a process that does
     * not read.
     *
     * @throws UnavailableException if the process does not read for some seconds and nothing arrived; up to 64 KiB arrive
     *     whole or not at all
     * @throws ConflictException if its input is closed
     * @throws NotFoundException if it is not alive
     */
    public void write(byte[] bytes) {
        if (bytes.length > MOST_INPUT) {
            throw new IllegalArgumentException(
                    "at most " + MOST_INPUT + " bytes can be written at once, and these are " + bytes.length);
        }
        send(bytes, false);
    }

    /** Ends standard input. */
    public void closeStdin() {
        send(new byte[0], true);
    }

    void send(byte[] bytes, boolean close) {
        api.post("write to " + this, path() + "/stdin", ClientRequest.write(bytes, close));
    }

    /**
     * Sends a signal to it and its children in its process group. The end of the main process is that of the run, which keeps
     * its state.
     *
     * @param signal a name with or without {@code SIG}, or a number from 1 to 64
     * @throws NotFoundException if it is not alive
     */
    public void signal(String signal) {
        api.deleteOnce(
                "send " + signal + " to " + this,
                new Query(path()).with("signal", signal).toString());
    }

    /** Ends it by SIGKILL; one that has ended stays as it is. */
    public void kill() {
        try {
            signal("KILL");
        } catch (NotFoundException | ConflictException e) {
            // It has ended: there is nothing left to kill.
        }
    }

    private String path() {
        return "/operations/" + operation + "/subprocesses/" + spid;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Subprocess that && operation.equals(that.operation) && spid == that.spid;
    }

    @Override
    public int hashCode() {
        return operation.hashCode() * 31 + spid;
    }

    @Override
    public String toString() {
        return "process " + spid + " of operation " + operation;
    }
}
