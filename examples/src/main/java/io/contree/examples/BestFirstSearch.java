package io.contree.examples;

import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.fanout.FanOut;
import io.contree.sdk.fanout.Outcome;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Best-first search over file systems: from a file with the number 1 to one with the goal, by commands that double it,
 * add one or subtract one. The commands of a step run at once. A state that was seen before, however it was reached, is
 * recognised by its content digest and dropped.
 */
public final class BestFirstSearch {
    private static final int GOAL = 42;
    private static final int MOST_STEPS = 50;
    private static final List<String> MOVES = List.of("n * 2", "n + 1", "n - 1");

    private BestFirstSearch() {}

    /** A state, how far it is from the goal, and the commands that led to it. */
    private record State(Image image, int distance, String moves) {}

    public static void main(String[] args) {
        try (Contree contree = Contree.connect()) {
            Image begin =
                    Base.image(contree, args).shell("echo 1 > /n").execute().image();
            State found = search(begin).orElseThrow();
            System.out.println(
                    "1" + found.moves() + " = " + found.image().readText("/n").strip());
        }
    }

    private static Optional<State> search(Image begin) {
        PriorityQueue<State> open = new PriorityQueue<>(Comparator.comparingInt(State::distance));
        Set<String> seen = new HashSet<>(Set.of(begin.contentDigest()));
        open.add(new State(begin, GOAL - 1, ""));
        int dropped = 0;
        for (int step = 1; step <= MOST_STEPS && !open.isEmpty(); step++) {
            State best = open.remove();
            if (best.distance() == 0) {
                System.out.println(seen.size() + " states seen, " + dropped + " dropped as seen before");
                return Optional.of(best);
            }
            for (Outcome<String> outcome : expand(best.image())) {
                Image next = outcome.result().image();
                if (seen.add(next.contentDigest())) {
                    int n = Integer.parseInt(outcome.result().stdout().strip());
                    open.add(new State(next, Math.abs(GOAL - n), best.moves() + ", " + outcome.item()));
                } else {
                    dropped++;
                }
            }
        }
        return Optional.empty();
    }

    /** The outcomes of all moves from a state, run at once. */
    private static List<Outcome<String>> expand(Image image) {
        return FanOut.over(MOVES, move -> image.shell("n=$(cat /n); echo $((" + move + ")) | tee /n"))
                .atMost(MOVES.size())
                .failFast()
                .execute();
    }
}
