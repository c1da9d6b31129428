package io.contree.engine.operation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What waits in the order in which it came. Whatever leaves from the middle is not searched for, and how much is before something is known
 * without counting it. Not safe for use by several threads.
 */
final class WaitingLine<T> {
    private final Map<Long, T> waiting = new LinkedHashMap<>();
    private final TreeSet<Long> left = new TreeSet<>(); // from the middle
    private long first;
    private long next;

    /** Returns its number, which it leaves by. */
    long add(T last) {
        waiting.put(next, last);
        return next++;
    }

    T removeFirst() {
        T removed = Objects.requireNonNull(waiting.remove(first), "the first of an empty line");
        first++;
        skipLeft();
        return removed;
    }

    /** False if it has left already; another line may have given its number to something else. */
    boolean remove(long number, T which) {
        if (!waiting.remove(number, which)) {
            return false;
        }
        left.add(number);
        skipLeft();
        return true;
    }

    private void skipLeft() {
        while (left.remove(first)) {
            first++;
        }
    }

    /** How many are before one that waits. */
    long before(long number) {
        return number - first - left.headSet(number).size();
    }

    boolean isWaiting(long number, T which) {
        return which.equals(waiting.get(number));
    }

    int size() {
        return waiting.size();
    }
}
