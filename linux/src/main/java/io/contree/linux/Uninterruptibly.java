package io.contree.linux;

/** Waits that an interrupt does not end: it is kept, and the caller finds it when the wait is over. */
public final class Uninterruptibly {
    private Uninterruptibly() {}

    /** A wait. */
    public interface Wait<T, E extends Exception> {
        T get() throws InterruptedException, E;
    }

    /** The result of a wait, which begins anew after each interrupt. */
    public static <T, E extends Exception> T get(Wait<T, E> wait) throws E {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
