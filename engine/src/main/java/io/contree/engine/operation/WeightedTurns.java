package io.contree.engine.operation;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * Who is next of several that take turns by weight: stride scheduling with its global pass (Waldspurger and Weihl 1995, "Stride Scheduling:
 * Deterministic Proportional-Share Resource Management", MIT/LCS/TM-528). Each turn moves the one that takes it on by a stride, which is the
 * smaller the greater its weight, and the one that is least far on is next. So turns are in proportion to the weights of those who wait,
 * to within a few. Who comes begins a stride behind where all are on average, or where it had got to if that is further on: nobody saves turns
 * up, nobody gains by going away and coming back, and whoever waits is passed by no endless row of newcomers. Not safe for use by several threads.
 *
 * <p>A turn costs the logarithm of how many wait. Who is gone is remembered only as long as it is ahead of the average.
 */
final class WeightedTurns<K> {
    /** Of the weight 1: strides are nearly in proportion, and two thousand million turns without a pause fit in a long. */
    private static final long STRIDE = 1L << 32;

    private static final Comparator<Turn<?>> NEXT_FIRST =
            Comparator.<Turn<?>>comparingLong(turn -> turn.pass).thenComparingLong(turn -> turn.order);

    private static final Comparator<Turn<?>> FORGOTTEN_FIRST =
            Comparator.<Turn<?>>comparingLong(turn -> turn.begin).thenComparingLong(turn -> turn.order);

    private final Map<K, Turn<K>> known = new HashMap<>(); // who waits, and who is gone
    private final TreeSet<Turn<K>> waiting = new TreeSet<>(NEXT_FIRST);
    private final TreeSet<Turn<K>> gone = new TreeSet<>(FORGOTTEN_FIRST);
    private long globalPass;
    private long weights; // of those who wait
    private long orders;

    /** Where one stands: its next turn reaches from where it begins to its pass. */
    private static final class Turn<K> {
        private final K key;
        private int weight;
        private long begin; // of one that is gone
        private long pass;
        private long order; // of those that are equally far on, who came first

        private Turn(K key) {
            this.key = key;
        }

        private long stride() {
            return STRIDE / weight;
        }
    }

    /** From now on it waits for a turn; if it does already, only its weight changes. */
    void await(K key, int weight) {
        Turn<K> turn = known.computeIfAbsent(key, Turn::new);
        boolean waits = waiting.contains(turn);
        weights += weight - (waits ? turn.weight : 0);
        if (!waits) {
            gone.remove(turn);
        }
        turn.weight = weight;
        if (!waits) {
            turn.pass = Math.max(turn.pass, globalPass + turn.stride());
            turn.order = ++orders;
            waiting.add(turn);
        }
    }

    /** It waits no longer, though it had no turn. */
    void withdraw(K key) {
        Turn<K> turn = known.get(key);
        if (turn != null && waiting.remove(turn)) {
            leave(turn);
        }
    }

    /** Who is next; nothing changes. */
    Optional<K> next() {
        return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.getFirst().key);
    }

    /**
     * The one that is next has its turn.
     *
     * @param again whether it waits for another
     */
    void take(boolean again) {
        Turn<K> turn = Objects.requireNonNull(waiting.pollFirst(), "a turn while nobody waits");
        globalPass = Math.max(globalPass + STRIDE / weights, turn.pass - turn.stride());
        turn.pass += turn.stride();
        if (again) {
            waiting.add(turn);
        } else {
            leave(turn);
        }
        while (!gone.isEmpty() && gone.getFirst().begin <= globalPass) {
            known.remove(gone.removeFirst().key);
        }
    }

    private void leave(Turn<K> turn) {
        weights -= turn.weight;
        turn.begin = turn.pass - turn.stride();
        gone.add(turn);
        if (waiting.isEmpty()) { // nobody is kept waiting by anybody: a new start
            gone.clear();
            known.clear();
            globalPass = 0;
        }
    }

    /**
     * How many turns are taken before one that comes after so many others of the same key, as things stand.
     *
     * @param most turns that each of the others takes at most
     */
    long before(K key, int weight, long own, ToLongFunction<K> most) {
        long stride = STRIDE / weight;
        Turn<K> turn = known.getOrDefault(key, new Turn<>(key));
        boolean waits = waiting.contains(turn);
        long begin = waits ? turn.pass : Math.max(turn.pass, globalPass + stride);
        long order = waits ? turn.order : Long.MAX_VALUE;
        long until = begin + own * stride;
        long count = own;
        for (Turn<K> other : waiting) {
            if (other.pass > until) {
                break;
            }
            if (other != turn) {
                long ahead = until - other.pass;
                boolean oneMore = ahead % other.stride() != 0 || other.order < order;
                count += Math.min(ahead / other.stride() + (oneMore ? 1 : 0), most.applyAsLong(other.key));
            }
        }
        return count;
    }

    /** How many are remembered. */
    int size() {
        return known.size();
    }
}
