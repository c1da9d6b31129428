package io.contree.engine.run;

import io.contree.sandbox.NetworkPolicy;
import io.contree.sandbox.Reservation;
import io.contree.sandbox.Sandboxes;
import io.contree.store.Image;
import io.contree.store.Store;

/** Where workplaces come from. All are made when they are asked for; one made ahead of its run would wait here. */
public record Workplaces(Store store, Sandboxes sandboxes) {
    /** Close it, whatever becomes of the run. Its sandbox may reach what the policy says. */
    Workplace make(Image image, String runtime, NetworkPolicy network) {
        Reservation reservation = sandboxes.reserve(runtime, network);
        try {
            return new Workplace(store.checkout(image, reservation.users()), reservation, sandboxes);
        } catch (RuntimeException e) {
            reservation.close();
            throw e;
        }
    }
}
