package io.contree.linux;

import java.io.IOException;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ranges of this machine's ids, one for each of those that run at the same time. What the kernel counts for a user of the machine
 * (inotify instances, pending signals, pages of pipes, …) it then counts for one of them alone. Safe for use by several threads.
 *
 * <p>A range is used again, and its namespace with it: nothing stays in a user namespace but keys, which nothing inside can make.
 */
public final class IdRanges implements AutoCloseable {
    private final IdMapping first;
    private final BitSet taken = new BitSet();
    private final Map<Integer, UserNamespace> namespaces = new ConcurrentHashMap<>();

    /** @param first the mapping of the first range; the others follow it */
    public IdRanges(IdMapping first) {
        this.first = first;
    }

    /** A range that nobody else has until it is closed. */
    public final class Range implements AutoCloseable {
        private final int number;
        private final UserNamespace users;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Range(int number, UserNamespace users) {
            this.number = number;
            this.users = users;
        }

        /** Its namespace, which stays open until the ranges are closed. */
        public UserNamespace users() {
            return users;
        }

        /** Gives it back: nothing runs with its ids any more. Idempotent. */
        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                giveBack(number);
            }
        }
    }

    /** The first range that is free. */
    public Range take() throws IOException {
        int number = number();
        try {
            return new Range(number, namespace(number));
        } catch (IOException | RuntimeException e) {
            giveBack(number);
            throw e;
        }
    }

    /** As {@link #take()}, if there are ranges. */
    public static Optional<Range> take(Optional<IdRanges> ranges) throws IOException {
        return ranges.isPresent() ? Optional.of(ranges.get().take()) : Optional.empty();
    }

    private UserNamespace namespace(int number) throws IOException {
        UserNamespace known = namespaces.get(number);
        if (known != null) {
            return known;
        }
        UserNamespace made = UserNamespace.create(first.next(number));
        namespaces.put(number, made);
        return made;
    }

    private synchronized int number() throws IOException {
        int number = taken.nextClearBit(0);
        if (number >= first.ranges()) {
            throw new IOException("all " + first.ranges() + " ranges of " + first.size() + " user ids from "
                    + first.hostStart() + " on are in use; let fewer run at a time, or begin lower");
        }
        taken.set(number);
        return number;
    }

    private synchronized void giveBack(int number) {
        taken.clear(number);
    }

    /** Lets go of the namespaces; nothing runs in them any more. */
    @Override
    public void close() {
        namespaces.values().forEach(UserNamespace::close);
        namespaces.clear();
    }
}
