package io.contree.store.state;

import java.io.IOException;

/**
 * Lets whoever asked for long work end it between two of its steps. These lie deep below the call that started it, so
 * the check belongs to the thread that works.
 */
public final class Checkpoint {
    private static final ScopedValue<Runnable> CURRENT = ScopedValue.newInstance();

    private Checkpoint() {}

    /** Steps of work. */
    public interface Work<T> {
        T run() throws IOException;
    }

    /** Does work that calls {@code goOn} before each step; what that throws ends it. */
    public static <T> T during(Runnable goOn, Work<T> work) throws IOException {
        return ScopedValue.where(CURRENT, goOn).call(work::run);
    }

    /** To be called before each step: throws if the work is to end. */
    public static void pass() {
        if (CURRENT.isBound()) {
            CURRENT.get().run();
        }
    }

    /** What {@link #pass} calls, for steps done by another thread. */
    public static Runnable current() {
        return CURRENT.isBound() ? CURRENT.get() : () -> {};
    }
}
