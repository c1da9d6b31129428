package io.contree.sdk.session;

import io.contree.api.OperationStatus;
import io.contree.sdk.ConflictException;
import io.contree.sdk.ContreeClientException;
import io.contree.sdk.Execution;
import io.contree.sdk.Image;
import io.contree.sdk.Images;
import io.contree.sdk.NotFoundException;
import io.contree.sdk.Operation;
import io.contree.sdk.OperationCancelledException;
import io.contree.sdk.OperationFailedException;
import io.contree.sdk.Operations;
import io.contree.sdk.Run;
import io.contree.sdk.SessionException;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The end of a branch, where runs start one after the other. */
record Tip(Images images, Operations operations, Kept kept, String branch) {
    private static final int LONGEST_COMMAND_LINE = 1000;

    /** A change of a state in which no run is at work on this branch. */
    interface SettledChange {
        SessionState apply(SessionState state, int head);
    }

    Execution launch(Run run) {
        return inTurn(() -> {
            Execution execution = run.on(settled()).start();
            if (run.isDisposable()) {
                return execution;
            }
            record(execution, run.commandLine());
            return execution.whenEnded(this::move);
        });
    }

    /** The image at the head, after the end of the run at work. */
    Image image() {
        return inTurn(this::settled);
    }

    SessionState settledChange(SettledChange change) {
        return inTurn(() -> {
            settled();
            return kept.update(state -> change.apply(state, state.branch(branch).head()));
        });
    }

    void abandon() {
        Branch.@Nullable AtWork atWork = kept.state().branch(branch).atWork();
        if (atWork == null) {
            return;
        }
        try {
            operations.cancel(atWork.operation());
        } catch (ConflictException | NotFoundException e) {
            // It has ended, or the server knows nothing of it: nothing to cancel.
        }
        giveUp(atWork.operation());
    }

    private <T> T inTurn(Supplier<T> work) {
        SessionStore.Turn turn = kept.store().turn(branch);
        try {
            return work.get();
        } finally {
            turn.close();
        }
    }

    private void record(Execution execution, String commandLine) {
        String line = commandLine.length() <= LONGEST_COMMAND_LINE
                ? commandLine
                : commandLine.substring(0, LONGEST_COMMAND_LINE) + "…";
        Branch.AtWork atWork = new Branch.AtWork(execution.operation(), line, Instant.now());
        try {
            kept.update(state ->
                    state.withBranch(branch, new Branch(state.branch(branch).head(), atWork)));
        } catch (ContreeClientException e) {
            // A run that the store does not know would be lost by the next crash.
            try {
                execution.cancel();
            } catch (ContreeClientException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private Image settled() {
        SessionState state = kept.state();
        Branch.@Nullable AtWork atWork = state.branch(branch).atWork();
        if (atWork != null) {
            state = settle(atWork);
        }
        return images.use(state.head(branch).image());
    }

    private SessionState settle(Branch.AtWork atWork) {
        try {
            return move(operations.await(atWork.operation()));
        } catch (OperationFailedException | OperationCancelledException e) {
            return giveUp(atWork.operation());
        } catch (NotFoundException e) {
            throw new SessionException(
                    "could not find out how \"" + atWork.commandLine() + "\" ended: the server knows no operation "
                            + atWork.operation() + ". Is it the server that the session was begun on? If the run is"
                            + " lost, abandon() goes on from the state before it.",
                    e);
        }
    }

    private SessionState move(Operation ended) {
        @Nullable UUID image = ended.resultImage().orElse(null);
        if (ended.status() != OperationStatus.SUCCESS || image == null) {
            return giveUp(ended.uuid());
        }
        int exitCode =
                ended.process().map(process -> process.state().exitCode()).orElse(0);
        return kept.update(state -> state.ended(branch, ended.uuid(), image, exitCode));
    }

    private SessionState giveUp(UUID operation) {
        return kept.update(state -> state.givenUp(branch, operation));
    }
}
