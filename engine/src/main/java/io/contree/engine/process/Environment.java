package io.contree.engine.process;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The environment that a process starts with.
 *
 * <p>With a shell: the image's variables, overridden by the request's. Without: the request's alone. A variable may be
 * empty, but an empty or missing PATH becomes the usual one, and so does HOME, since package managers, git and ssh
 * break without it: {@code /root} for uid 0, {@code /} for others (nothing reads the image's {@code /etc/passwd}).
 */
final class Environment {
    static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Environment() {}

    static SortedMap<String, String> of(Map<String, String> base, Map<String, String> requested, int uid) {
        SortedMap<String, String> env = new TreeMap<>(base);
        env.putAll(requested);
        fill(env, "PATH", DEFAULT_PATH);
        fill(env, "HOME", uid == 0 ? "/root" : "/");
        return env;
    }

    private static void fill(SortedMap<String, String> env, String name, String value) {
        env.merge(name, value, (given, usual) -> given.isEmpty() ? usual : given);
    }

    /** What an image preserves: the request's variables over the image's, without those that are empty. */
    static SortedMap<String, String> merge(Map<String, String> base, Map<String, String> requested) {
        SortedMap<String, String> env = new TreeMap<>(base);
        env.putAll(requested);
        env.values().removeIf(String::isEmpty);
        return env;
    }
}
