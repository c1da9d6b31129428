package io.contree.sdk.session;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** See {@link SessionStore#memory()}. */
final class MemoryStore implements SessionStore {
    private final Map<String, ReentrantLock> turns = new ConcurrentHashMap<>();
    private final ReentrantLock changing = new ReentrantLock();
    private volatile @Nullable SessionState state;

    @Override
    public Optional<SessionState> load() {
        return Optional.ofNullable(state);
    }

    @Override
    public SessionState update(Function<Optional<SessionState>, SessionState> change) {
        changing.lock();
        try {
            SessionState next = change.apply(load());
            state = next;
            return next;
        } finally {
            changing.unlock();
        }
    }

    @Override
    public Turn turn(String branch) {
        ReentrantLock turn = turns.computeIfAbsent(branch, name -> new ReentrantLock());
        Interrupts.lock(turn, branch);
        return turn::unlock;
    }
}
