package io.contree.cli.pool;

import java.util.List;

/** Runs the programs that pools are made with. */
interface Tools {
    /** Whether it is installed. */
    boolean has(Tool tool);

    /**
     * Runs a program to its end.
     *
     * @return what it said, without white space around it
     * @throws PoolException if it is not installed or fails; the message has what it said
     */
    String run(Tool tool, List<String> arguments);

    default String run(Tool tool, String... arguments) {
        return run(tool, List.of(arguments));
    }
}
