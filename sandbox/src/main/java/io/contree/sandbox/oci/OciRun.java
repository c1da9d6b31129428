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

/** An OCI runtime's process of one container, which lives as long as the container does. */
final class OciRun implements RuntimeProcess {
    private static final Logger log = LoggerFactory.getLogger(OciRun.class);
    private static final Duration END_PATIENCE = Duration.ofSeconds(5);
    // How long a process other than the runtime may hold init's output once the runtime has ended.
    private static final Executor STRAY_PATIENCE = CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS);

    private final Process process;
    private final InitOutput output;
    private final InputStream fromInit;

    private OciRun(Process process, InitOutput output, InputStream fromInit) {
        this.process = process;
        this.output = output;
        this.fromInit = fromInit;
    }

    /** Starts the runtime on a bundle. */
    static OciRun start(OciRuntime runtime, String id, Bundle bundle) throws IOException {
        InitOutput output = InitOutput.create(bundle.output());
        try {
            Process process = runtime.run(id, bundle, output);
            OciRun started = new OciRun(process, output, output.listen());
            var _ = process.onExit().thenRunAsync(started::close, STRAY_PATIENCE);
            return started;
        } catch (IOException e) {
            output.close();
            throw e;
        }
    }

    @Override
    public InputStream fromInit() {
        return fromInit;
    }

    @Override
    public OutputStream toInit() {
        return process.getOutputStream();
    }

    /** With its children: one that holds init's output would keep the sandbox from ending. */
    @Override
    public void destroy() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public int awaitExit(Runnable impatient) {
        return Uninterruptibly.get(() -> {
            while (!process.waitFor(END_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                impatient.run();
            }
            return process.exitValue();
        });
    }

    @Override
    public void close() {
        try {
            output.close();
        } catch (IOException e) {
            log.warn("Could not close the output of an init", e);
        }
    }
}
