package io.contree.engine.operation;

import io.contree.engine.operation.Lane.Claim;
import io.contree.engine.operation.Lane.Place;
import io.contree.engine.operation.Lane.Share;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** What one project has of a lane: its callers take turns, and of each the work begins in the order of its acceptance. Guarded by the lane. */
final class ProjectLoad {
    private final Map<UUID, WaitingLine<Place>> lines = new HashMap<>(); // of the callers that have something waiting
    private final WeightedTurns<UUID> callers = new WeightedTurns<>();
    private Share share = Share.WHOLE;
    private int admitted;
    private int running;
    private int waiting;

    /** Something more works or waits, or will. */
    void admit(Share latest) {
        share = latest;
        admitted++;
    }

    void release() {
        admitted--;
    }

    int admitted() {
        return admitted;
    }

    int weight() {
        return share.weight();
    }

    /** True while it has work that may begin beside what is at work. */
    boolean mayBegin() {
        return mostToBegin() > 0;
    }

    /** How much of its work may begin beside what is at work. */
    int mostToBegin() {
        return Math.min(waiting, share.maxRunning() - running);
    }

    /** Returns the number of the place in its line. */
    long add(Place place) {
        Claim claim = place.claim();
        long number = lines.computeIfAbsent(claim.caller(), caller -> new WaitingLine<>())
                .add(place);
        callers.await(claim.caller(), claim.weight());
        waiting++;
        return number;
    }

    /** Takes out the work that begins next. */
    Place begin() {
        UUID caller = callers.next().orElseThrow();
        WaitingLine<Place> line = line(caller);
        Place next = line.removeFirst();
        callers.take(line.size() > 0);
        removed(caller, line);
        running++;
        return next;
    }

    private WaitingLine<Place> line(UUID caller) {
        return Objects.requireNonNull(lines.get(caller), "a caller that has nothing here");
    }

    void end() {
        running--;
    }

    /** Takes back work that has not begun; false if it has. */
    boolean remove(Place place) {
        UUID caller = place.claim().caller();
        WaitingLine<Place> line = lines.get(caller);
        if (line == null || !line.remove(place.number(), place)) {
            return false;
        }
        if (line.size() == 0) {
            callers.withdraw(caller);
        }
        removed(caller, line);
        return true;
    }

    private void removed(UUID caller, WaitingLine<Place> line) {
        waiting--;
        if (line.size() == 0) {
            lines.remove(caller);
        }
    }

    boolean isWaiting(Place place) {
        WaitingLine<Place> line = lines.get(place.claim().caller());
        return line != null && line.isWaiting(place.number(), place);
    }

    /** How much of its work begins before one that waits. */
    long before(Place place) {
        Claim claim = place.claim();
        long own = line(claim.caller()).before(place.number());
        return callers.before(
                claim.caller(), claim.weight(), own, other -> line(other).size());
    }
}
