package io.contree.api;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A process as it was asked for, with every default filled in: the main one of a run, or a further one in its sandbox ({@code POST
 * /v1/operations/{id}/subprocesses}).
 *
 * @param command a program, or with {@code shell} an expression
 * @param env null is as empty
 * @param cwd absolute, or empty for the image's
 * @param truncateOutputAt bytes per stream, 0 to 10 MiB
 */
public record ProcessRequest(
        String command,
        List<String> args,
        boolean shell,
        SortedMap<String, String> env,
        String cwd,
        int uid,
        int gid,
        Stdin stdin,
        int truncateOutputAt) {
    public ProcessRequest {
        args = List.copyOf(args);
        env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
    }
}
