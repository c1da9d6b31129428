package io.contree.sdk.fanout;

import io.contree.sdk.CallInterruptedException;
import io.contree.sdk.ContreeClientException;
import io.contree.sdk.Execution;
import io.contree.sdk.OperationCancelledException;
import io.contree.sdk.OperationFailedException;
import io.contree.sdk.Run;
import io.contree.sdk.UnavailableException;
import io.contree.sdk.fanout.FanOut.Plan;
import java.time.Duration;

/** One run of a fan-out, from the item to the outcome. An interrupt cancels it. */
record OneRun<T>(int index, T item, Plan<T> plan) {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    Outcome<T> carryOut() {
        try {
            return await(start(plan.run().apply(item)));
        } catch (RuntimeException e) {
            return Outcome.failed(index, item, e);
        }
    }

    private Execution start(Run run) {
        long giveUp = System.nanoTime() + plan.patience().toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return run.start();
            } catch (UnavailableException e) {
                Duration asked = e.retryAfter().orElse(pause);
                Duration next = asked.compareTo(pause) > 0 ? asked : pause;
                if (!e.isBusy() || System.nanoTime() + next.toNanos() - giveUp > 0) {
                    throw e;
                }
                sleep(next);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private Outcome<T> await(Execution execution) {
        try {
            return Outcome.of(index, item, execution.await());
        } catch (OperationFailedException | OperationCancelledException | CallInterruptedException e) {
            throw e; // it has ended, or was cancelled by the interrupt
        } catch (ContreeClientException e) {
            cancel(execution, e);
            throw e;
        }
    }

    /** Nobody hears of it any more, so it need not go on. */
    private static void cancel(Execution execution, ContreeClientException reason) {
        try {
            execution.cancel();
        } catch (ContreeClientException e) {
            reason.addSuppressed(e);
        }
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException("could not wait for a busy server: interrupted", e);
        }
    }
}
