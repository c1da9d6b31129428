package io.contree.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A process to spawn.
 *
 * @param argv at least the program, looked up in PATH of {@code env} unless it has a slash
 * @param cwd absolute; made when missing
 * @param timeout from its start, zero for none
 * @param outputLimit bytes of each stream that are delivered; the rest is counted and dropped
 * @param stdinOpen whether {@link SandboxProcess#writeStdin} will be used; without it, standard input is empty
 */
public record ProcessSpec(
        List<String> argv,
        Map<String, String> env,
        String cwd,
        int uid,
        int gid,
        Duration timeout,
        long outputLimit,
        boolean stdinOpen) {
    public ProcessSpec {
        argv = List.copyOf(argv);
        env = Map.copyOf(env);
        if (argv.isEmpty() || argv.get(0).isEmpty()) {
            throw new IllegalArgumentException("a process needs a program");
        }
        if (!cwd.startsWith("/")) {
            throw new IllegalArgumentException("the working directory is not absolute: " + cwd);
        }
    }
}
