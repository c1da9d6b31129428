package io.contree.engine.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.SeededRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a lane promises, on random projects, callers, weights and requests. */
class AdmissionModelTest {
    private static final int CASES = 200;

    /** One caller of a project, both with their weights. */
    private record Client(Lane.Claim claim, String name) {}

    private static Lane.Claim claim(UUID project, int projectWeight, int atOnce, UUID caller, int weight) {
        return new Lane.Claim(project, new Lane.Share(atOnce, Long.MAX_VALUE, projectWeight), caller, weight);
    }

    private static int weight(SeededRandom random) {
        return random.chance(30) ? 1 : random.chance(20) ? 100 : random.between(1, 10);
    }

    private static List<Client> clients(SeededRandom random, boolean limited) {
        List<Client> clients = new ArrayList<>();
        int projects = random.between(1, 6);
        for (int p = 0; p < projects; p++) {
            UUID project = UUID.randomUUID();
            int weight = weight(random);
            int atOnce = limited && random.chance(50) ? random.between(1, 3) : Integer.MAX_VALUE;
            int callers = random.between(1, 4);
            for (int c = 0; c < callers; c++) {
                clients.add(new Client(
                        claim(project, weight, atOnce, UUID.randomUUID(), weight(random)), "p" + p + "c" + c));
            }
        }
        return clients;
    }

    /** A lane whose work ends when the test says so. */
    private static final class Bench {
        private final Queue<Runnable> working = new ArrayDeque<>();
        private final List<Lane.Place> begun = new ArrayList<>();
        private final Lane lane;

        Bench(int atOnce) {
            lane = new Lane("run", atOnce, 1_000_000, working::add);
        }

        Lane.Place add(Lane.Claim claim) {
            Lane.Place place = lane.reserve(claim);
            place.start(() -> begun.add(place));
            return place;
        }

        /** Ends what has worked longest. */
        void endOne() {
            working.remove().run();
        }
    }

    @Test
    void turnsFollowTheWeightsAndNobodyStarves() {
        SeededRandom.forAll(CASES, random -> {
            List<Client> clients = clients(random, false);
            Bench bench = new Bench(random.between(1, 4));
            Map<UUID, Integer> projects = new HashMap<>();
            Map<UUID, Map<UUID, Integer>> callers = new HashMap<>();
            for (Client client : clients) {
                Lane.Claim claim = client.claim();
                projects.put(claim.project(), claim.share().weight());
                callers.computeIfAbsent(claim.project(), any -> new HashMap<>()).put(claim.caller(), claim.weight());
            }
            int rounds =
                    20 * projects.values().stream().mapToInt(Integer::intValue).sum();
            // Everybody has work waiting all the time.
            for (Client client : clients) {
                for (int i = 0; i < 8; i++) {
                    bench.add(client.claim());
                }
            }
            while (bench.begun.size() < rounds) {
                bench.endOne();
                bench.add(bench.begun.getLast().claim());
            }
            List<Lane.Claim> begun = bench.begun.stream().map(Lane.Place::claim).toList();
            assertShares(projects, begun.stream().map(Lane.Claim::project).toList());
            callers.forEach((project, weights) -> assertShares(
                    weights,
                    begun.stream()
                            .filter(claim -> claim.project().equals(project))
                            .map(Lane.Claim::caller)
                            .toList()));
        });
    }

    /** In every beginning of the turns, each has its share by weight, to within a few turns. */
    private static void assertShares(Map<UUID, Integer> weights, List<UUID> turns) {
        double all = weights.values().stream().mapToInt(Integer::intValue).sum();
        Map<UUID, Integer> had = new HashMap<>();
        for (int t = 0; t < turns.size(); t++) {
            had.merge(turns.get(t), 1, Integer::sum);
            for (Map.Entry<UUID, Integer> one : weights.entrySet()) {
                double due = (t + 1) * one.getValue() / all;
                double slack = weights.size() + 6; // who comes first has all places before anybody waits
                assertThat((double) had.getOrDefault(one.getKey(), 0))
                        .as("turns of weight " + one.getValue() + " of " + all + " after " + (t + 1))
                        .isBetween(due - slack, due + slack);
            }
        }
    }

    @Test
    void thePositionIsTheOrderInWhichWorkBegins() {
        SeededRandom.forAll(CASES, random -> {
            List<Client> clients = clients(random, false);
            Bench bench = new Bench(1);
            List<Lane.Place> waiting = new ArrayList<>();
            int steps = random.between(10, 200);
            for (int i = 0; i < steps; i++) {
                if (random.chance(60)) {
                    waiting.add(bench.add(random.pick(clients).claim()));
                } else if (random.chance(50) && !bench.working.isEmpty()) {
                    bench.endOne();
                } else if (!waiting.isEmpty()) {
                    random.pick(waiting).leave();
                }
            }
            waiting.removeIf(place -> place.position().isEmpty());
            Map<Lane.Place, Long> positions = new HashMap<>();
            waiting.forEach(place -> positions.put(place, place.position().orElseThrow()));
            if (!bench.working.isEmpty()) {
                bench.endOne();
            }
            bench.begun.clear();
            while (!bench.working.isEmpty()) {
                bench.endOne();
            }

            assertThat(bench.begun.stream().map(positions::get))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, waiting.size())
                            .mapToObj(Long::valueOf)
                            .toList());
        });
    }

    @Test
    void whateverComesAndGoesEverythingAcceptedBeginsAndTheLimitsHold() {
        SeededRandom.forAll(CASES, random -> {
            List<Client> clients = clients(random, true);
            int atOnce = random.between(1, 4);
            Bench bench = new Bench(atOnce);
            List<Lane.Place> accepted = new ArrayList<>();
            int left = 0;
            for (int i = 0; i < 300; i++) {
                if (random.chance(55)) {
                    accepted.add(bench.add(random.pick(clients).claim()));
                } else if (random.chance(70) && !bench.working.isEmpty()) {
                    bench.endOne();
                } else if (!accepted.isEmpty() && random.pick(accepted).leave()) {
                    left++;
                }
                assertThat(bench.working.size()).isLessThanOrEqualTo(atOnce);
            }
            while (!bench.working.isEmpty()) {
                bench.endOne();
            }
            assertThat(bench.begun).doesNotHaveDuplicates().hasSize(accepted.size() - left);
            assertThat(accepted).allMatch(place -> place.position().isEmpty());
        });
    }

    @Test
    void anEndlessRowOfNewcomersPassesNobodyAndIsForgotten() {
        WeightedTurns<Integer> turns = new WeightedTurns<>();
        turns.await(-1, 1);
        int waited = 0;
        int longest = 0;
        for (int i = 0; i < 10_000; i++) {
            turns.await(i, 100);
            while (turns.next().orElseThrow() != i) {
                turns.take(true);
                longest = Math.max(longest, waited);
                waited = 0;
            }
            turns.take(false);
            waited++;
        }

        assertThat(longest).isBetween(90, 110);
        assertThat(turns.size()).isLessThan(10);
    }

    @Test
    void whoComesBackAgainAndAgainHasNoMoreThanItsShare() {
        WeightedTurns<String> turns = new WeightedTurns<>();
        turns.await("stays", 1);
        turns.await("also stays", 1);
        int returns = 0;
        for (int i = 0; i < 3_000; i++) {
            turns.await("comes and goes", 1);
            boolean itself = turns.next().orElseThrow().equals("comes and goes");
            turns.take(!itself);
            returns += itself ? 1 : 0;
        }
        assertThat(returns).isBetween(990, 1_010);
    }

    @Test
    void whoWithdrawsWithoutATurnChangesNothingForTheOthers() {
        WeightedTurns<String> turns = new WeightedTurns<>();
        turns.await("one", 1);
        turns.await("two", 3);
        int twos = 0;
        for (int i = 0; i < 4_000; i++) {
            turns.await("never stays", 50);
            turns.withdraw("never stays");
            twos += turns.next().orElseThrow().equals("two") ? 1 : 0;
            turns.take(true);
        }
        turns.await("newcomer", 1);
        int before = 0;
        while (!turns.next().orElseThrow().equals("newcomer")) {
            turns.take(true);
            before++;
        }

        assertThat(twos).isBetween(2_995, 3_005);
        assertThat(before).isBetween(2, 6);
    }
}
