package io.contree.store.oci;

import io.contree.store.Digest;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps two imports of one owner from unpacking the same chain at once: the second waits and then finds the layer. All
 * take the chains of an image from the lowest up; chains form a tree, so nobody waits in a circle. Owners do not wait for each
 * other: one could hold up another with the name of a chain alone.
 */
final class ChainLocks {
    private final Set<Held> held = new HashSet<>();

    private record Held(UUID owner, Digest chain) {}

    /** Waits until nobody holds the chain, and holds it. */
    synchronized void acquire(UUID owner, Digest chain) throws InterruptedException {
        while (!held.add(new Held(owner, chain))) {
            wait();
        }
    }

    /** Lets go of a chain; one that is not held is no error. */
    synchronized void release(UUID owner, Digest chain) {
        held.remove(new Held(owner, chain));
        notifyAll();
    }
}
