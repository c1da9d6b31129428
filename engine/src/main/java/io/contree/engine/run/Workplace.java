package io.contree.engine.run;

import io.contree.sandbox.Reservation;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.Sandboxes;
import io.contree.store.Checkout;
import io.contree.store.Commit;
import io.contree.store.PlacedFile;
import io.contree.store.Store;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a run works: a checkout, and for a while a sandbox on it. Used by one thread, except for {@link #kill}. States
 * follow each other in order, but it may be closed in any, and then nothing is left of it but what {@link #keep} made.
 */
final class Workplace implements AutoCloseable {
    private enum State {
        /** Nothing runs on it yet. */
        MADE,
        /** A sandbox runs on it. */
        BUSY,
        /** Nothing runs on it any more. */
        STILL,
        GONE
    }

    private final Checkout checkout;
    private final Reservation reservation;
    private final Sandboxes sandboxes;
    private volatile @Nullable Sandbox sandbox;
    private State state = State.MADE;

    /** @param reservation whose ids the checkout shows */
    Workplace(Checkout checkout, Reservation reservation, Sandboxes sandboxes) {
        this.checkout = checkout;
        this.reservation = reservation;
        this.sandboxes = sandboxes;
    }

    Checkout checkout() {
        return checkout;
    }

    /** As {@link Checkout#place}, before anything runs on it. */
    void place(PlacedFile file, Runnable goOn) {
        require(State.MADE);
        checkout.place(file, goOn);
    }

    /** As {@link Sandboxes#start}, once. */
    Sandbox start(String id, String hostname, SandboxSpec.Limits limits) throws InterruptedException {
        require(State.MADE);
        Sandbox started = sandboxes.start(new SandboxSpec(id, checkout.root(), hostname, limits, reservation));
        sandbox = started;
        state = State.BUSY;
        return started;
    }

    /** Kills what runs on it, now; does nothing while nothing does. */
    void kill() {
        Sandbox running = sandbox;
        if (running != null) {
            running.kill();
        }
    }

    /** Kills what runs on it, and returns when nothing of that is left; idempotent. */
    void stop() {
        Sandbox running = sandbox;
        if (running != null) {
            sandbox = null;
            state = State.STILL;
            running.close();
        }
    }

    /** As {@link Checkout#commit}, once nothing runs on it any more; the image is then held. */
    Commit keep(SortedMap<String, String> env, String cwd, Runnable goOn, Store.Hold hold) {
        require(State.STILL);
        state = State.GONE;
        Commit commit = checkout.commit(env, cwd, goOn);
        hold.add(commit.image().uuid()); // before the checkout is closed, which keeps it until then
        return commit;
    }

    private void require(State needed) {
        if (state != needed) {
            throw new IllegalStateException("a workplace is " + state + " and not " + needed);
        }
    }

    /** Stops it and throws away what was not kept; idempotent. */
    @Override
    public void close() {
        try (reservation;
                checkout) {
            stop();
        } finally {
            state = State.GONE;
        }
    }
}
