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
 * @param truncateOutputAt bytes per stream; more than 10 MiB is taken as that
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
    static final int DEFAULT_TRUNCATION = 1 << 20;
    private static final int MAX_TRUNCATION = 10 << 20;

    /** @throws ContreeException INVALID_ARGUMENT with the field that breaks a rule */
    public ProcessRequest {
        args = List.copyOf(args);
        env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
        truncateOutputAt = Math.min(truncateOutputAt, MAX_TRUNCATION);
        RequestRules.command(command);
        RequestRules.args(args);
        RequestRules.env(env);
        RequestRules.cwd(cwd);
        RequestRules.atLeast(0, "uid", uid);
        RequestRules.atLeast(0, "gid", gid);
        RequestRules.atLeast(0, "truncate_output_at", truncateOutputAt);
    }
}
