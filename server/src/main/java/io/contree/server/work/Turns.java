package io.contree.server.work;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Limits how many work at a time, in all and for one project; waiters are served in order within a project and in turn
 * between projects. Safe for use by several threads.
 */
final class Turns {
    private final int places;
    private final int perProject;
    private final Map<UUID, Integer> held = new HashMap<>();
    private final Map<UUID, Queue<CountDownLatch>> waiting = new LinkedHashMap<>(); // the first is served next
    private int taken;

    Turns(int places, int perProject) {
        this.places = places;
        this.perProject = perProject;
    }

    /** Takes a turn, to be given back by {@link #give}; false if none comes in time. */
    boolean take(UUID project, Duration atMost) throws InterruptedException {
        CountDownLatch turn = new CountDownLatch(1);
        synchronized (this) {
            if (taken < places && has(project) < perProject) {
                hold(project);
                return true;
            }
            waiting.computeIfAbsent(project, p -> new ArrayDeque<>()).add(turn);
        }
        try {
            return turn.await(atMost.toNanos(), TimeUnit.NANOSECONDS) || !withdraw(project, turn);
        } catch (InterruptedException e) {
            if (!withdraw(project, turn)) {
                give(project); // it came just now
            }
            throw e;
        }
    }

    /** False if its turn has come. */
    private synchronized boolean withdraw(UUID project, CountDownLatch turn) {
        Queue<CountDownLatch> queue = waiting.get(project);
        if (queue == null || !queue.remove(turn)) {
            return false;
        }
        if (queue.isEmpty()) {
            waiting.remove(project);
        }
        return true;
    }

    synchronized void give(UUID project) {
        taken--;
        held.merge(project, -1, (before, change) -> before + change == 0 ? null : before + change);
        Iterator<Map.Entry<UUID, Queue<CountDownLatch>>> queues =
                waiting.entrySet().iterator();
        while (taken < places && queues.hasNext()) {
            Map.Entry<UUID, Queue<CountDownLatch>> next = queues.next();
            if (has(next.getKey()) < perProject) {
                queues.remove();
                serve(next.getKey(), next.getValue());
                queues = waiting.entrySet().iterator();
            }
        }
    }

    private void serve(UUID project, Queue<CountDownLatch> queue) {
        CountDownLatch first = queue.remove();
        if (!queue.isEmpty()) {
            waiting.put(project, queue);
        }
        hold(project);
        first.countDown();
    }

    private void hold(UUID project) {
        taken++;
        held.merge(project, 1, Integer::sum);
    }

    private int has(UUID project) {
        return held.getOrDefault(project, 0);
    }
}
