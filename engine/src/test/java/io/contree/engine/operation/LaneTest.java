package io.contree.engine.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LaneTest {
    private final UUID greedy = UUID.randomUUID();
    private final UUID modest = UUID.randomUUID();
    private final Queue<Runnable> dispatched = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();

    private void admit(Lane lane, UUID project, String name) {
        lane.reserve(project, Lane.Share.WHOLE);
        lane.start(project, () -> done.add(name));
    }

    private void workAll() {
        while (!dispatched.isEmpty()) {
            dispatched.remove().run();
        }
    }

    @Test
    void worksInOrderAndNotMoreAtATimeThanAllowed() {
        Lane lane = new Lane("run", 2, 10, dispatched::add);
        for (String name : List.of("a", "b", "c", "d")) {
            admit(lane, greedy, name);
        }

        assertThat(dispatched).hasSize(2);
        workAll();
        assertThat(done).containsExactly("a", "b", "c", "d");
    }

    @Test
    void projectsTakeTurns() {
        Lane lane = new Lane("run", 1, 100, dispatched::add);
        for (int i = 0; i < 5; i++) {
            admit(lane, greedy, "greedy " + i);
        }
        admit(lane, modest, "modest 0");
        admit(lane, modest, "modest 1");
        workAll();

        assertThat(done)
                .containsExactly("greedy 0", "greedy 1", "modest 0", "greedy 2", "modest 1", "greedy 3", "greedy 4");
    }

    @Test
    void aFullQueueRefusesUntilThereIsRoom() {
        Lane lane = new Lane("run", 1, 1, dispatched::add);
        admit(lane, greedy, "running");
        admit(lane, greedy, "waiting");

        assertThatThrownBy(() -> lane.reserve(greedy, Lane.Share.WHOLE))
                .isInstanceOfSatisfying(ContreeException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
                    assertThat(e.retryAfter()).isPresent();
                })
                .hasMessageContaining("2 runs");
        dispatched.remove().run();
        assertThatCode(() -> lane.reserve(greedy, Lane.Share.WHOLE)).doesNotThrowAnyException();
        assertThatThrownBy(() -> lane.reserve(greedy, Lane.Share.WHOLE)).isInstanceOf(ContreeException.class);
        lane.giveBack(greedy);
        assertThatCode(() -> lane.reserve(greedy, Lane.Share.WHOLE)).doesNotThrowAnyException();
    }

    @Test
    void whatWasTakenBackIsNotDone() {
        Lane lane = new Lane("run", 1, 1, dispatched::add);
        admit(lane, greedy, "running");
        Runnable waiting = () -> done.add("waiting");
        lane.reserve(modest, Lane.Share.WHOLE);
        lane.start(modest, waiting);

        assertThat(lane.remove(modest, waiting)).isTrue();
        assertThat(lane.remove(modest, waiting)).isFalse();
        workAll();
        assertThat(done).containsExactly("running");
        assertThatCode(() -> {
                    lane.reserve(greedy, Lane.Share.WHOLE);
                    lane.reserve(greedy, Lane.Share.WHOLE);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void workThatFailsGivesItsPlaceBack() {
        Lane lane = new Lane("run", 1, 0, dispatched::add);
        lane.reserve(greedy, Lane.Share.WHOLE);
        lane.start(greedy, () -> {
            throw new IllegalStateException("a defect");
        });
        assertThatThrownBy(this::workAll).hasMessage("a defect");

        admit(lane, greedy, "next");
        workAll();
        assertThat(done).containsExactly("next");
    }

    @Test
    void aStoppedLaneBeginsNothing() {
        Lane lane = new Lane("run", 1, 1, dispatched::add);
        admit(lane, greedy, "running");
        admit(lane, greedy, "waiting");
        lane.stop();
        workAll();

        assertThat(done).containsExactly("running");
        assertThatThrownBy(() -> lane.reserve(greedy, Lane.Share.WHOLE))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void aProjectWorksAndWaitsWithinItsShareAndBlocksNobody() {
        Lane lane = new Lane("run", 3, 10, dispatched::add);
        Lane.Share share = new Lane.Share(1, 2);
        for (String name : List.of("one", "two")) {
            lane.reserve(greedy, share);
            lane.start(greedy, () -> done.add(name));
        }
        admit(lane, modest, "modest");

        assertThat(dispatched).hasSize(2);
        assertThatThrownBy(() -> lane.reserve(greedy, share)).hasMessageContaining("The project has 2 runs");
        workAll();
        assertThat(done).containsExactly("one", "modest", "two");
        assertThatCode(() -> lane.reserve(greedy, share)).doesNotThrowAnyException();
    }
}
