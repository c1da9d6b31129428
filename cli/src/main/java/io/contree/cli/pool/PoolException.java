package io.contree.cli.pool;

import java.io.IOException;

/** A pool cannot be made, changed or removed; the message says what was tried, what is wrong and what to do. */
public final class PoolException extends RuntimeException {
    PoolException(String message) {
        super(message);
    }

    PoolException(String message, IOException cause) {
        super(message, cause);
    }

    static PoolException notInstalled(Tool tool) {
        return new PoolException(
                tool.program() + " is not installed: apt-get install " + tool.debianPackage() + ", and try again");
    }
}
