package io.contree.engine;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The environment that a process starts with.
 *
 * <p>With a shell: the image's variables under those of the request. Without: those of the request alone. An empty value removes
 * a variable. PATH is the usual one where none is given, and so is HOME, since package managers, git and ssh break without it:
 * {@code /root} for uid 0, {@code /} for others (nothing reads the image's {@code /etc/passwd}).
 */
final class Environment {
    static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Environment() {}

    static SortedMap<String, String> of(Map<String, String> base, Map<String, String> requested, int uid) {
        SortedMap<String, String> env = merge(base, requested);
        env.putIfAbsent("PATH", DEFAULT_PATH);
        env.putIfAbsent("HOME", uid == 0 ? "/root" : "/");
        return env;
    }

    /** What an image preserves: the request's variables over the image's, without those that were removed. */
    static SortedMap<String, String> merge(Map<String, String> base, Map<String, String> requested) {
        SortedMap<String, String> env = new TreeMap<>(base);
        env.putAll(requested);
        env.values().removeIf(String::isEmpty);
        return env;
    }
}
