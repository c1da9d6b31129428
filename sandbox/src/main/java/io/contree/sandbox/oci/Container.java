package io.contree.sandbox.oci;

import io.contree.linux.Uninterruptibly;
import io.contree.sandbox.LimitEvents;
import io.contree.sandbox.NetworkUse;
import io.contree.sandbox.ProcessListener;
import io.contree.sandbox.ProcessSpec;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxException.Kind;
import io.contree.sandbox.SandboxProcess;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.cgroup.Cgroup;
import io.contree.sandbox.init.BrokenFrameException;
import io.contree.sandbox.init.InitSession;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container from its start to the last of its traces. One thread lives as long as it does: it listens to init, and cleans up
 * when init's stream ends, whatever the reason. Who waits for the end does not wait for the last of that.
 */
final class Container implements Sandbox {
    private static final Logger log = LoggerFactory.getLogger(Container.class);
    private static final Duration END_PATIENCE = Duration.ofSeconds(5);

    private final SandboxSpec spec;
    private final ContainerRuntime runtime;
    private final Bundle bundle;
    private final Cgroup cgroup;
    private final RuntimeProcess process;
    private final InitSession session;
    private final Runnable whenGone;
    private final Thread life;
    private final CountDownLatch readyOrEnded = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    // Init alone, unless the runtime has helpers that live on.
    private volatile List<ProcessHandle> init = List.of();
    private volatile @Nullable String broken;
    private volatile @Nullable String failure;
    private volatile boolean killed;
    private volatile @Nullable LimitEvents lastLimitEvents;

    /**
     * Takes over the reservation, the bundle, the cgroup and the process.
     *
     * @param whenGone called when nothing is left of it on the machine, which is after its end
     */
    Container(
            SandboxSpec spec,
            ContainerRuntime runtime,
            Bundle bundle,
            Cgroup cgroup,
            RuntimeProcess process,
            Runnable whenGone) {
        this.spec = spec;
        this.runtime = runtime;
        this.bundle = bundle;
        this.cgroup = cgroup;
        this.process = process;
        this.whenGone = whenGone;
        this.session = new InitSession(process.fromInit(), process.toInit());
        // A platform thread: a read from a pipe holds the carrier of a virtual one.
        this.life = Thread.ofPlatform().daemon().name("sandbox-" + spec.id()).unstarted(this::live);
    }

    /**
     * Begins to listen and waits until init is ready.
     *
     * @throws SandboxException if it does not get there; it has then ended
     */
    void awaitReady(Duration patience) throws InterruptedException {
        life.start();
        boolean inTime;
        try {
            inTime = readyOrEnded.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            close();
            throw e;
        }
        if (init.isEmpty()) {
            if (!inTime) {
                broken = "it was not ready within " + patience.toSeconds() + " s";
            }
            close();
            throw new SandboxException(
                    Kind.START,
                    "tried to start sandbox " + spec.id() + " with " + runtime.description() + ", but "
                            + failure().orElse("it ended at once"));
        }
    }

    @Override
    public String id() {
        return spec.id();
    }

    @Override
    public SandboxProcess spawn(ProcessSpec process, ProcessListener listener) {
        return session.spawn(process, listener)
                .orElseThrow(() -> new SandboxException(
                        Kind.CLOSED,
                        "sandbox " + spec.id() + " has ended"
                                + failure().map(why -> ": " + why).orElse("")));
    }

    @Override
    public Optional<SandboxProcess> process(int spid) {
        return session.process(spid);
    }

    @Override
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        return ended.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
    }

    @Override
    public void kill() {
        killed = true;
        if (init.isEmpty()) {
            // Not ready yet: whatever the runtime has set up so far.
            destroyRuntime();
        }
        init.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public LimitEvents limitEvents() {
        // Before its end is noticed, and with it the last word, the cgroup is there.
        LimitEvents now = lastLimitEvents == null ? cgroup.limitEvents(spec.limits()) : LimitEvents.NONE;
        LimitEvents last = lastLimitEvents;
        return last == null ? now : last;
    }

    @Override
    public Optional<NetworkUse> network() {
        return spec.reservation().networkUse();
    }

    @Override
    public long unlinkedBytes() {
        if (ended.getCount() == 0) {
            return 0;
        }
        try {
            return UnlinkedFiles.bytes(spec.root(), cgroup.processes());
        } catch (IOException e) {
            return 0; // its cgroup went meanwhile
        }
    }

    @Override
    public void close() {
        if (ended.getCount() == 0) {
            return;
        }
        kill();
        if (Thread.currentThread() == life) {
            // A listener closes its own sandbox: the end comes when it returns.
            return;
        }
        Uninterruptibly.get(() -> {
            while (!ended.await(END_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                log.warn("Sandbox {} does not end; killing {} too", spec.id(), runtime.description());
                destroyRuntime();
            }
            return ended;
        });
    }

    /** As {@link #close}, and waits until nothing is left of it on the machine. */
    void remove() {
        close();
        Uninterruptibly.get(() -> {
            life.join();
            return life;
        });
    }

    /** What happens when the server dies: its end of init's input is closed. */
    void hangUp() {
        session.hangUp();
    }

    private void live() {
        try {
            listen();
        } finally {
            clear();
        }
    }

    private void listen() {
        try {
            session.listen(this::ready);
        } catch (BrokenFrameException e) {
            broken = "its init broke the protocol: " + e.getMessage();
        } catch (IOException e) {
            log.debug("Sandbox {} is broken", spec.id(), e);
            broken = "it cannot be heard or watched: " + e.getMessage();
        } catch (RuntimeException e) {
            log.error("A listener of sandbox {} failed; the sandbox is killed", spec.id(), e);
            broken = "a listener failed: " + e;
        } finally {
            end();
        }
    }

    private void ready() throws IOException {
        cgroup.started();
        runtime.started(spec.id());
        init = cgroup.processes();
        if (killed) {
            kill();
        }
        readyOrEnded.countDown();
    }

    private void end() {
        try {
            session.hangUp();
            init.forEach(ProcessHandle::destroyForcibly);
            if (broken != null && init.isEmpty()) {
                destroyRuntime();
            }
            int code = process.awaitExit(() -> {
                log.warn("{} does not end after sandbox {}; killing it", runtime.description(), spec.id());
                destroyRuntime();
            });
            lastLimitEvents = cgroup.limitEvents(spec.limits());
            failure = reason(code);
            attempt("Could not take its runtime's files out of its root", () -> runtime.ended(spec));
            attempt("Could not keep what was written to its files in /etc", bundle::keep);
        } finally {
            session.end(failure == null ? "the sandbox has ended" : failure);
            readyOrEnded.countDown();
            ended.countDown();
        }
    }

    private void destroyRuntime() {
        process.destroy();
        cgroup.kill();
    }

    private @Nullable String reason(int code) {
        if (session.mainEnded()) {
            return null;
        }
        if (broken != null) {
            return broken;
        }
        if (killed) {
            return "it was killed";
        }
        if (limitEvents().outOfMemory()) {
            return "it ran out of memory";
        }
        String errors = bundle.lastErrors();
        return runtime.description() + " ended with code " + code + (errors.isEmpty() ? "" : ": " + errors);
    }

    /** What nobody waits for. */
    private void clear() {
        attempt("Could not forget it", () -> runtime.forget(spec.id()));
        attempt("Could not close its files", process::close);
        attempt("Could not remove its cgroup", cgroup::remove);
        attempt("Could not remove its bundle", bundle::close);
        attempt("Could not give back what was reserved", spec.reservation()::close);
        whenGone.run();
    }

    private void attempt(String what, Removal removal) {
        try {
            removal.run();
        } catch (IOException | RuntimeException e) {
            log.error("{}: sandbox {}", what, spec.id(), e);
        }
    }

    private interface Removal {
        void run() throws IOException;
    }
}
