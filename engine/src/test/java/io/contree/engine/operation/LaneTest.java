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
        admit(lane, claim(project), name);
    }

    private Lane.Place admit(Lane lane, Lane.Claim claim, String name) {
        Lane.Place place = lane.reserve(claim);
        place.start(() -> done.add(name));
        return place;
    }

    private static Lane.Claim claim(UUID project) {
        return claim(project, Lane.Share.WHOLE);
    }

    private static Lane.Claim claim(UUID project, Lane.Share share) {
        return new Lane.Claim(project, share, project, 1);
    }

    private static Lane.Claim claim(UUID project, int weight, UUID caller, int callerWeight) {
        return new Lane.Claim(project, new Lane.Share(Integer.MAX_VALUE, Long.MAX_VALUE, weight), caller, callerWeight);
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

        assertThatThrownBy(() -> lane.reserve(claim(greedy)))
                .isInstanceOfSatisfying(ContreeException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
                    assertThat(e.retryAfter()).isPresent();
                })
                .hasMessageContaining("2 runs");
        dispatched.remove().run();
        Lane.Place place = lane.reserve(claim(greedy));
        assertThatThrownBy(() -> lane.reserve(claim(greedy))).isInstanceOf(ContreeException.class);
        place.giveBack();
        assertThatCode(() -> lane.reserve(claim(greedy))).doesNotThrowAnyException();
    }

    @Test
    void whatWasTakenBackIsNotDone() {
        Lane lane = new Lane("run", 1, 1, dispatched::add);
        admit(lane, greedy, "running");
        Lane.Place waiting = lane.reserve(claim(modest));
        assertThat(waiting.leave()).isFalse();
        assertThat(waiting.position()).isEmpty();
        waiting.start(() -> done.add("waiting"));

        assertThat(waiting.position()).hasValue(1);
        assertThat(waiting.leave()).isTrue();
        assertThat(waiting.leave()).isFalse();
        assertThat(waiting.position()).isEmpty();
        workAll();
        assertThat(done).containsExactly("running");
        assertThatCode(() -> {
                    lane.reserve(claim(greedy));
                    lane.reserve(claim(greedy));
                })
                .doesNotThrowAnyException();
    }

    @Test
    void workThatFailsGivesItsPlaceBack() {
        Lane lane = new Lane("run", 1, 0, dispatched::add);
        lane.reserve(claim(greedy)).start(() -> {
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
        assertThatThrownBy(() -> lane.reserve(claim(greedy)))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void aProjectWorksAndWaitsWithinItsShareAndBlocksNobody() {
        Lane lane = new Lane("run", 3, 10, dispatched::add);
        Lane.Share share = new Lane.Share(1, 2, 1);
        for (String name : List.of("one", "two")) {
            admit(lane, claim(greedy, share), name);
        }
        admit(lane, modest, "modest");

        assertThat(dispatched).hasSize(2);
        assertThatThrownBy(() -> lane.reserve(claim(greedy, share))).hasMessageContaining("The project has 2 runs");
        workAll();
        assertThat(done).containsExactly("one", "modest", "two");
        assertThatCode(() -> lane.reserve(claim(greedy, share))).doesNotThrowAnyException();
    }

    @Test
    void whoIsWeightierHasMoreTurns() {
        Lane lane = new Lane("run", 1, 100, dispatched::add);
        admit(lane, greedy, "first");
        for (int i = 0; i < 6; i++) {
            admit(lane, claim(greedy, 1, greedy, 1), "light");
            admit(lane, claim(modest, 3, modest, 1), "heavy");
        }
        workAll();

        assertThat(done.subList(1, 9)).filteredOn("heavy"::equals).hasSize(6);
        assertThat(done.subList(1, 5)).filteredOn("heavy"::equals).hasSize(3);
        assertThat(done.subList(9, 13)).containsOnly("light");
    }

    @Test
    void callersOfAProjectTakeTurnsWithinItsTurns() {
        Lane lane = new Lane("run", 1, 100, dispatched::add);
        UUID second = UUID.randomUUID();
        admit(lane, modest, "first");
        for (int i = 0; i < 4; i++) {
            admit(lane, claim(greedy, 1, greedy, 1), "greedy");
        }
        for (int i = 0; i < 2; i++) {
            admit(lane, claim(greedy, 1, second, 1), "second");
            admit(lane, modest, "modest");
        }
        workAll();

        assertThat(done)
                .containsExactly(
                        "first", "greedy", "modest", "second", "modest", "greedy", "second", "greedy", "greedy");
    }

    @Test
    void aProjectThatWasAwaySavesNothingUp() {
        Lane lane = new Lane("run", 1, 100, dispatched::add);
        for (int i = 0; i < 10; i++) {
            admit(lane, greedy, "greedy");
        }
        for (int i = 0; i < 5; i++) {
            dispatched.remove().run();
        }
        admit(lane, modest, "modest");
        admit(lane, modest, "modest");
        workAll();

        assertThat(done.subList(6, 10)).containsExactlyInAnyOrder("greedy", "greedy", "modest", "modest");
        assertThat(done.subList(6, 8)).containsExactlyInAnyOrder("greedy", "modest");
    }
}
