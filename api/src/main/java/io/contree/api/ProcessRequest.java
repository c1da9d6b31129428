package io.contree.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A process as it was asked for, with every default filled in: the main one of a run, or a further one in its sandbox ({@code POST
 * /v1/operations/{id}/subprocesses}).
 *
 * @param command a program, or with {@code shell} an expression
 * @param env a null value on the wire is an empty string here
 * @param cwd absolute, or empty for the image's
 * @param uid what {@code user} says, where that is a number
 * @param gid likewise
 * @param user {@code USER[:GROUP]}, each a name of the image or a number, as for docker's {@code --user}; empty where {@code uid}
 *     and {@code gid} say it
 * @param truncateOutputAt bytes per stream; more than 10 MiB counts as 10 MiB
 */
public record ProcessRequest(
        String command,
        List<String> args,
        boolean shell,
        SortedMap<String, String> env,
        String cwd,
        int uid,
        int gid,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String user,
        Stdin stdin,
        int truncateOutputAt) {
    private static final int DEFAULT_TRUNCATION = 1 << 20;
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
        RequestRules.user(user, uid, gid);
        uid = user.isEmpty() ? uid : UserName.uid(user);
        gid = user.isEmpty() ? gid : UserName.gid(user);
        RequestRules.atLeast(0, "truncate_output_at", truncateOutputAt);
    }

    /** The same process with another environment. */
    public ProcessRequest withEnv(SortedMap<String, String> other) {
        return new ProcessRequest(command, args, shell, other, cwd, uid, gid, user, stdin, truncateOutputAt);
    }

    /** Reads what clients send; a run has the same fields, for its main process, among its own. */
    static ProcessRequest parse(JsonFields fields) {
        return new ProcessRequest(
                fields.requiredString("command"),
                fields.strings("args"),
                fields.flag("shell", false),
                env(fields),
                fields.string("cwd").orElse(""),
                id(fields, "uid"),
                id(fields, "gid"),
                user(fields),
                fields.object("stdin").map(Stdin::parse).orElse(Stdin.EMPTY),
                (int) fields.capped("truncate_output_at", 0, Integer.MAX_VALUE, DEFAULT_TRUNCATION));
    }

    private static SortedMap<String, String> env(JsonFields fields) {
        return fields.map("env", (name, value) -> {
            if (value != null && !value.isString()) {
                throw JsonFields.invalid("env." + name, "of another type", WireText.ALLOWED + ", or null");
            }
            return value == null ? "" : value.stringValue();
        });
    }

    /** A {@code uid} without a {@code gid} is a user of the image, whose group the image knows. */
    private static String user(JsonFields fields) {
        return fields.string("user")
                .orElseGet(() -> fields.has("uid") && !fields.has("gid") ? Integer.toString(id(fields, "uid")) : "");
    }

    /** A user or group. */
    static int id(JsonFields fields, String name) {
        return (int) fields.number(name, 0, Integer.MAX_VALUE, 0);
    }
}
