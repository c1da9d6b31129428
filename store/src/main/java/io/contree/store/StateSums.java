package io.contree.store;

/** The two sums of a state: over all entries, and over all entries without modification times. */
record StateSums(LtHash state, LtHash content) {
    static final StateSums EMPTY = new StateSums(LtHash.EMPTY, LtHash.EMPTY);

    StateSums plus(StateSums other) {
        return new StateSums(state.plus(other.state), content.plus(other.content));
    }

    static StateSums of(Image image) {
        return new StateSums(image.state(), image.content());
    }
}
