package io.contree.store.grep;

import java.io.Serial;

/** Leaves a search early, from wherever it is; what was found so far stands. */
final class SearchEndedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    SearchEndedException(String reason) {
        super(reason, null, false, false);
    }
}
