package io.contree.store.oci;

import io.contree.store.Digest;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps two imports of this process from unpacking the same chain at once: the second waits and then finds the layer. All
 * take the chains of an image from the lowest up; chains form a tree, so nobody waits in a circle.
 */
final class ChainLocks {
    private final Set<Digest> held = new HashSet<>();

    /** Waits until nobody holds the chain, and holds it. */
    synchronized void acquire(Digest chain) throws InterruptedException {
        while (!held.add(chain)) {
            wait();
        }
    }

    /** Lets go of a chain; one that is not held is no error. */
    synchronized void release(Digest chain) {
        held.remove(chain);
        notifyAll();
    }
}
