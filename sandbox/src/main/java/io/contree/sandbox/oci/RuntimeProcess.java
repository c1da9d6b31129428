package io.contree.sandbox.oci;

import io.contree.linux.Uninterruptibly;
import io.contree.sandbox.init.InitOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runtime's process of one container, which lives as long as the container does, and the streams to its init. */
final class RuntimeProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RuntimeProcess.class);
    private static final Duration END_PATIENCE = Duration.ofSeconds(5);
    // How long a process other than the runtime may hold init's output once the runtime has ended.
    private static final Executor STRAY_PATIENCE = CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS);

    private final Process process;
    private final InitOutput output;
    private final InputStream fromInit;

    private RuntimeProcess(Process process, InitOutput output, InputStream fromInit) {
        this.process = process;
        this.output = output;
        this.fromInit = fromInit;
    }

    /** Starts the runtime on a bundle. */
    static RuntimeProcess start(OciRuntime runtime, String id, Bundle bundle) throws IOException {
        InitOutput output = InitOutput.create(bundle.output());
        try {
            Process process = runtime.run(id, bundle, output);
            RuntimeProcess started = new RuntimeProcess(process, output, output.listen());
            var _ = process.onExit().thenRunAsync(started::close, STRAY_PATIENCE);
            return started;
        } catch (IOException e) {
            output.close();
            throw e;
        }
    }

    /** What init says, until nobody can say more or {@link #close} is called. */
    InputStream fromInit() {
        return fromInit;
    }

    OutputStream toInit() {
        return process.getOutputStream();
    }

    /** Kills it and its children: one that holds init's output would keep the sandbox from ending. */
    void destroy() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /**
     * Waits for the end, even when interrupted.
     *
     * @param impatient called each time the wait takes long
     * @return the exit code
     */
    int awaitExit(Runnable impatient) {
        return Uninterruptibly.get(() -> {
            while (!process.waitFor(END_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                impatient.run();
            }
            return process.exitValue();
        });
    }

    /** Ends the stream from init, even for a thread that is reading it. */
    @Override
    public void close() {
        try {
            output.close();
        } catch (IOException e) {
            log.warn("Could not close the output of an init", e);
        }
    }
}
