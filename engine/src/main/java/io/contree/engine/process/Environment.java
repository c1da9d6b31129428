package io.contree.engine.process;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The environment that a process starts with.
 *
 * <p>With a shell: the image's variables, overridden by the request's. Without: the request's alone. A variable may be
 * empty, but an empty or missing PATH becomes the usual one, and an empty HOME is left out, since package managers, git and ssh
 * break without one: the process then gets the HOME that the image's {@code /etc/passwd} has.
 */
final class Environment {
    static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Environment() {}

    static SortedMap<String, String> of(Map<String, String> base, Map<String, String> requested) {
        SortedMap<String, String> env = new TreeMap<>(base);
        env.putAll(requested);
        env.merge("PATH", DEFAULT_PATH, (given, usual) -> given.isEmpty() ? usual : given);
        env.remove("HOME", "");
        return env;
    }

    /** What an image preserves: the request's variables over the image's, without those that are empty. */
    static SortedMap<String, String> merge(Map<String, String> base, Map<String, String> requested) {
        SortedMap<String, String> env = new TreeMap<>(base);
        env.putAll(requested);
        env.values().removeIf(String::isEmpty);
        return env;
    }
}
