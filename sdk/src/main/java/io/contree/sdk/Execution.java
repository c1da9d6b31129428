package io.contree.sdk;

import io.contree.api.EventType;
import io.contree.api.OperationEvent;
import io.contree.sdk.internal.http.Deadline;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A run that the server has accepted. */
public final class Execution {
    private static final int MAIN_PROCESS = 1;

    private final Api api;
    private final Operations operations;
    private final UUID operation;
    private final @Nullable String tag;
    private final Consumer<Operation> listener;
    private final AtomicReference<@Nullable StdinFeed> feed;

    Execution(Api api, UUID operation) {
        this(api, operation, null);
    }

    /** @param tag for the image that it leaves */
    Execution(Api api, UUID operation, @Nullable String tag) {
        this(api, operation, tag, ended -> {}, new AtomicReference<>());
    }

    private Execution(
            Api api,
            UUID operation,
            @Nullable String tag,
            Consumer<Operation> listener,
            AtomicReference<@Nullable StdinFeed> feed) {
        this.tag = tag;
        this.api = api;
        this.operations = new Operations(api);
        this.operation = operation;
        this.listener = listener;
        this.feed = feed;
    }

    /**
     * The same execution, with a listener that is told of the end before {@link #await()} returns: on the waiting thread,
     * each time it waits, and only of SUCCESS.
     */
    public Execution whenEnded(Consumer<Operation> listener) {
        return new Execution(api, operation, tag, this.listener.andThen(listener), feed);
    }

    /** Its operation, through which anybody can look at it. */
    public UUID operation() {
        return operation;
    }

    /** Waits for the end; see {@link Run#execute()} for how it can fail. */
    public RunResult await() {
        try {
            return ended(operations.await(operation));
        } catch (CallInterruptedException e) {
            abandon(e);
            throw e;
        } catch (OperationCancelledException e) {
            throw reason(e);
        }
    }

    /**
     * Waits for the end, but no longer than this.
     *
     * @throws WaitTimeoutException if it has not ended by then; it is then cancelled
     */
    public RunResult await(Duration atMost) {
        try {
            return ended(operations.await(operation, atMost));
        } catch (CallInterruptedException | WaitTimeoutException e) {
            abandon(e);
            throw e;
        } catch (OperationCancelledException e) {
            throw reason(e);
        }
    }

    /** Hands on the output as it comes, from the start, and waits for the end as {@link #await()} does. */
    public RunResult follow(OutputListener listener) {
        Objects.requireNonNull(listener, "listener");
        try (EventStream events = operations.events(operation)) {
            Outputs outputs = new Outputs(listener);
            events.forEachRemaining(outputs::accept);
        } catch (CallInterruptedException e) {
            abandon(e);
            throw e;
        }
        return await();
    }

    /** Hands one event of {@link #events} to a listener, if it is output of the main process. */
    public static void deliver(OperationEvent event, OutputListener listener) {
        new Outputs(listener).accept(event);
    }

    /** The log of this run, live. Close it. */
    public EventStream events() {
        return operations.events(operation);
    }

    /**
     * Writes to its standard input, which has to be {@linkplain Run#openStdin open}, and waits until the process, or the
     * pipe to it, has taken it. Never repeated: part of it may have arrived when this fails. {@link Subprocess#stdin()} of {@link
     * Subprocesses#main()} waits longer for a process that does not read.
     *
     * @throws UnavailableException if the process does not read for some seconds and nothing arrived
     * @throws NotFoundException if the process has ended
     * @throws ConflictException if its standard input is closed
     */
    public void writeStdin(byte[] bytes) {
        stdin(bytes, false);
    }

    /** Lets the process read the end of its standard input after what was written; see {@link #writeStdin}. */
    public void closeStdin() {
        stdin(new byte[0], true);
    }

    private void stdin(byte[] bytes, boolean close) {
        subprocesses().main().send(bytes, close);
    }

    /**
     * Sends a signal to its main process and the process group of that. If that ends the process, the run ends as SUCCESS, and its state
     * is kept.
     *
     * @param signal a name such as {@code TERM}, or a number
     * @throws NotFoundException if the process has ended
     */
    public void signal(String signal) {
        subprocesses().main().signal(signal);
    }

    /**
     * Standard output from its start, live. Close it. Read at any pace: what is not read stays on the server.
     * Where more than the {@linkplain Run#outputLimit limit} was dropped, reading ends with an exception, not as if that
     * were all.
     */
    public InputStream stdout() {
        return output(EventType.STDOUT);
    }

    /** Standard error, as {@link #stdout()}. */
    public InputStream stderr() {
        return output(EventType.STDERR);
    }

    /**
     * Standard input of a run that was started with it open ({@link Run#openStdin()}). What is written is sent when there is
     * enough of it, or by {@link OutputStream#flush()}; closing it is the end of the input.
     */
    public OutputStream stdin() {
        return subprocesses().main().stdin();
    }

    /**
     * Passes a stream on to its standard input, which has to be {@linkplain Run#openStdin open}, and then the end of it: in the
     * background, from now on and as fast as the command reads. A command that ends or closes its input before the stream has
     * ended is none the worse for it; the stream may have been read further than the command did, and a read that is blocked is left
     * behind. If the stream cannot be read, the run is cancelled, and whoever waits for its end is told why.
     *
     * @param stream not closed
     */
    public Execution stdinFrom(InputStream stream) {
        return feed(new LongStdin.Unclosed(stream));
    }

    Execution feed(InputStream closedAtItsEnd) {
        feed.set(StdinFeed.start(subprocesses().main(), closedAtItsEnd, this::cancel));
        return this;
    }

    /** Why it was cancelled, if it was cancelled here. */
    private ContreeClientException reason(OperationCancelledException cancelled) {
        StdinFeed fed = feed.get();
        ContreeClientException failure = fed == null ? null : fed.failure();
        return failure == null ? cancelled : failure;
    }

    /** Further processes in its sandbox, for as long as it is at work. */
    public Subprocesses subprocesses() {
        return new Subprocesses(api, operation);
    }

    private InputStream output(EventType stream) {
        return new ProcessOutput(EventStream.ofProcess(api, operation, MAIN_PROCESS, Deadline.never()), stream);
    }

    /** Ends it as CANCELLED; a run that has ended stays as it is. */
    public void cancel() {
        try {
            operations.cancel(operation);
        } catch (ConflictException e) {
            // It has ended: there is nothing left to cancel.
        }
    }

    private RunResult ended(Operation record) {
        listener.accept(record);
        RunResult result = RunResult.of(api, record);
        return tag == null ? result : result.tagged(tag);
    }

    /** Cancels even if this thread is interrupted, without losing the first failure. */
    void abandon(ContreeClientException reason) {
        boolean interrupted = Thread.interrupted();
        try {
            cancel();
        } catch (ContreeClientException e) {
            reason.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString() {
        return "Execution[operation " + operation + "]";
    }
}
