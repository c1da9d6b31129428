package io.contree.store.backup;

import java.io.IOException;

/** What is on a disk is not what was written to it. The message says what is wrong, as a clause about a thing that its catcher names. */
final class DamageException extends IOException {
    DamageException(String problem) {
        super(problem);
    }

    DamageException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
