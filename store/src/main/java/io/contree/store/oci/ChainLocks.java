package io.contree.store.oci;

import io.contree.store.Digest;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps two imports of one owner from unpacking the same chain at once: the second waits and then finds the layer. All
 * take the chains of an image from the lowest up; chains form a tree, so nobody waits in a circle. Owners do not wait
 * for one another, or one could hold up another merely by naming a chain.
 */
final class ChainLocks {
    private final Set<Held> held = new HashSet<>();

    private record Held(UUID owner, Digest chain) {}

    /** Waits until nobody holds the chain, then holds it. */
    synchronized void acquire(UUID owner, Digest chain) throws InterruptedException {
        while (!held.add(new Held(owner, chain))) {
            wait();
        }
    }

    /** Releases a chain if it is held. */
    synchronized void release(UUID owner, Digest chain) {
        held.remove(new Held(owner, chain));
        notifyAll();
    }
}
