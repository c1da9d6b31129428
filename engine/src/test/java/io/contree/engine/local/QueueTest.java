package io.contree.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.api.OperationSummary;
import io.contree.engine.EventReader;
import io.contree.engine.OperationDetails;
import io.contree.engine.OperationRecord;
import io.contree.engine.Operations;
import io.contree.engine.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueTest {
    @TempDir
    private Path data;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = EngineFixture.open(data, 1, 2);
    }

    @AfterEach
    void close() {
        fixture.close();
        assertThat(fixture.catalog.unfinished()).isEmpty();
    }

    private List<UUID> listed(OperationStatus status) {
        Operations.Filter filter = new Operations.Filter(
                Optional.ofNullable(status), Optional.of(OperationKind.INSTANCE), Optional.empty(), Optional.empty());
        return fixture.engine.operations().list(fixture.caller, filter, Page.DEFAULT).stream()
                .map(OperationSummary::uuid)
                .toList();
    }

    private UUID startExecuting() throws InterruptedException {
        UUID operation = fixture.start("sleep");
        try (EventReader events = fixture.engine.operations().events(fixture.caller, operation, -1)) {
            boolean spawned = false;
            while (!spawned) {
                spawned = events.next(EngineFixture.LONG)
                        .filter(event -> event.type().equals("spawn"))
                        .isPresent();
            }
        }
        return operation;
    }

    @Test
    void refusesWhatDoesNotFitAndRecordsNothingOfIt() throws Exception {
        List<UUID> accepted = new ArrayList<>();
        accepted.add(startExecuting());
        accepted.add(fixture.start("true"));
        accepted.add(fixture.start("true"));

        assertThatThrownBy(() -> fixture.start("true"))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS));
        assertThat(listed(null)).containsExactlyInAnyOrderElementsOf(accepted);
        fixture.engine.operations().cancel(fixture.caller, accepted.getFirst());
        for (UUID operation : accepted) {
            fixture.end(operation);
        }
        assertThat(fixture.run("true").summary().status()).isEqualTo(OperationStatus.SUCCESS);
    }

    @Test
    void listsShowTheStatesBetweenAcceptanceAndEnd() throws Exception {
        UUID running = startExecuting();
        UUID queued = fixture.start("true");

        assertThat(listed(OperationStatus.EXECUTING)).containsExactly(running);
        assertThat(listed(OperationStatus.PENDING)).containsExactly(queued);
        assertThat(listed(OperationStatus.SUCCESS)).isEmpty();
        assertThat(listed(null)).containsExactly(queued, running);
        assertThat(fixture.engine
                        .operations()
                        .list(fixture.caller, all(), new Page(1, 1))
                        .getFirst()
                        .status())
                .isEqualTo(OperationStatus.EXECUTING);
        fixture.engine.operations().cancel(fixture.caller, running);
        fixture.end(queued);
        assertThat(listed(OperationStatus.EXECUTING)).isEmpty();
        assertThat(listed(OperationStatus.SUCCESS)).containsExactly(queued);
    }

    @Test
    void whatWaitsKnowsItsPosition() throws Exception {
        UUID running = startExecuting();
        UUID next = fixture.start("true");
        UUID last = fixture.start("true");

        assertThat(position(running)).isNull();
        assertThat(position(next)).isEqualTo(1);
        assertThat(position(last)).isEqualTo(2);
        assertThat(fixture.engine.operations().list(fixture.caller, all(), Page.DEFAULT))
                .extracting(OperationSummary::queuePosition)
                .startsWith(2L, 1L, null);
        fixture.engine.operations().cancel(fixture.caller, next);
        assertThat(position(next)).isNull();
        assertThat(position(last)).isEqualTo(1);
        fixture.engine.operations().cancel(fixture.caller, running);
        fixture.end(last);
        assertThat(position(last)).isNull();
    }

    private Long position(UUID operation) {
        return fixture.engine
                .operations()
                .get(fixture.caller, operation, false)
                .summary()
                .queuePosition();
    }

    private static Operations.Filter all() {
        return new Operations.Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void inflightShowsTheOutputSoFar() throws Exception {
        UUID running = startExecuting();
        OperationDetails plain = fixture.engine.operations().get(fixture.caller, running, false);
        OperationDetails inflight = fixture.engine.operations().get(fixture.caller, running, true);

        assertThat(plain.result()).isEmpty();
        assertThat(inflight.summary().duration()).isPositive();
        assertThat(inflight.result().orElseThrow().state().exitCode()).isEqualTo(-1);
        assertThat(inflight.result().orElseThrow().state().signal()).isEqualTo(-1);
        assertThat(inflight.result().orElseThrow().state().pid()).isEqualTo(7);
    }

    @Test
    void drainingLetsRunningOnesFinishAndRefusesNewOnes() throws Exception {
        UUID running =
                fixture.start(fixture.request("sleep").toBuilder().timeout(1).build());
        UUID queued = fixture.start("true");
        assertThat(fixture.engine.drain(EngineFixture.LONG)).isTrue();

        assertThat(fixture.end(running).summary().error()).isNull();
        assertThat(fixture.end(queued).summary().error())
                .contains("interrupted")
                .contains("waiting in the queue");
        assertThatThrownBy(() -> fixture.start("true"))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(fixture.engine.drain(EngineFixture.LONG))
                .as("nothing was left")
                .isFalse();
    }

    @Test
    void closingEndsWhatStillRuns() throws Exception {
        UUID running = startExecuting();
        fixture.close();
        fixture.close();

        OperationRecord record =
                fixture.catalog.operation(fixture.caller.project(), running).orElseThrow();
        assertThat(record.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(record.end().orElseThrow().outcome().error().orElseThrow())
                .isEqualTo("interrupted: the server stopped while it was running; its changes were not kept");
        assertThat(fixture.sandboxes.running()).isZero();
    }
}
