package io.contree.store.grep;

import java.io.Serial;

/** Ends a search early, from anywhere within it; what was found so far stands. */
final class SearchEndedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    SearchEndedException(String reason) {
        super(reason, null, false, false);
    }
}
