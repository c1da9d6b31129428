package io.contree.sandbox.egress;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Room for questions that wait for their answers, of which no sandbox gets more than its share: one that asks endlessly
 * keeps nobody else from asking. Safe for use by several threads.
 *
 * @param most questions of one sandbox at a time
 */
record DnsRoom(int most, ConcurrentMap<InetAddress, Integer> waiting) {
    DnsRoom(int most) {
        this(most, new ConcurrentHashMap<>());
    }

    /** True if there is room for one more of this asker, who has to {@link #leave} then. */
    boolean enter(InetAddress asker) {
        if (waiting.merge(asker, 1, Integer::sum) <= most) {
            return true;
        }
        leave(asker);
        return false;
    }

    void leave(InetAddress asker) {
        waiting.computeIfPresent(asker, (same, count) -> count == 1 ? null : count - 1);
    }
}
