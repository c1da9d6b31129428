package io.contree.engine.run;

import io.contree.sandbox.Sandboxes;
import io.contree.store.Image;
import io.contree.store.Store;

/** Where workplaces come from. All are made when they are asked for; one made ahead of its run would wait here. */
public record Workplaces(Store store, Sandboxes sandboxes) {
    /** Close it, whatever becomes of the run. */
    Workplace make(Image image) {
        return new Workplace(store.checkout(image), sandboxes);
    }
}
