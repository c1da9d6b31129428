package io.contree.store.state;

import io.contree.store.Image;
import io.contree.store.LtHash;

/** The two sums of a state: over all entries, and over all entries without modification times. */
public record StateSums(LtHash state, LtHash content) {
    public StateSums plus(StateSums other) {
        return new StateSums(state.plus(other.state), content.plus(other.content));
    }

    public static StateSums of(Image image) {
        return new StateSums(image.state(), image.content());
    }
}
