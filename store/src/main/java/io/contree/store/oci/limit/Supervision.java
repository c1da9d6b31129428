package io.contree.store.oci.limit;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs an import on a thread of its own, so that it ends at once when it is cancelled or its time is over. */
public final class Supervision {
    private static final long LOOK_MILLIS = 100;

    private Supervision() {}

    /**
     * Returns what the body returns. The body has ended in every case; one that must end early is interrupted.
     *
     * @throws ExecutionException what the body threw
     * @throws StoreException CANCELLED, or REGISTRY when the time is over
     */
    public static <T> T run(ImportControl control, Callable<T> body) throws ExecutionException {
        FutureTask<T> task = new FutureTask<>(body);
        // A platform thread: unpacking makes file system calls all the time, and those hold a virtual thread's carrier.
        Thread worker = Thread.ofPlatform().name("import").daemon().start(task);
        boolean interrupted = false;
        StoreException reason = null;
        while (true) {
            try {
                return task.get(reason == null ? LOOK_MILLIS : Long.MAX_VALUE, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                reason = reasonToEnd(control);
            } catch (InterruptedException e) {
                interrupted = true;
                reason = new StoreException(Kind.CANCELLED, "The import was cancelled.", e);
            } catch (ExecutionException e) {
                if (reason == null) {
                    throw e;
                }
                throw reason;
            } finally {
                if (task.isDone() && interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
            if (reason != null) {
                worker.interrupt();
            }
        }
    }

    private static @org.jspecify.annotations.Nullable StoreException reasonToEnd(ImportControl control) {
        try {
            control.checkFromOutside();
            return null;
        } catch (StoreException e) {
            return e;
        }
    }
}
