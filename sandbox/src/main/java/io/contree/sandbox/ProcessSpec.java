package io.contree.sandbox;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A process to spawn. No string may contain a NUL.
 *
 * @param argv at least the program, looked up in PATH of {@code env} unless it has a slash
 * @param env HOME and USER are added, where they are not in it, as the image's {@code /etc/passwd} has them
 * @param cwd absolute; created if missing
 * @param timeout counted from its start; zero for none
 * @param grace how long what it leaves behind at its end has to finish, in all; what holds its output holds its exit for that
 *     long at most
 * @param outputLimit bytes of each stream that are delivered; the rest is counted and dropped
 * @param stdinOpen whether {@link SandboxProcess#writeStdin} will be used; without it, standard input is {@code /dev/null}
 */
public record ProcessSpec(
        List<String> argv,
        Map<String, String> env,
        String cwd,
        ProcessUser user,
        Duration timeout,
        Duration grace,
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
        if (timeout.isNegative() || grace.isNegative() || outputLimit < 0) {
            throw new IllegalArgumentException(
                    "negative timeout, grace or output limit: " + timeout + ", " + grace + ", " + outputLimit);
        }
        Stream<String> strings = Stream.of(argv, env.keySet(), env.values(), List.of(cwd, user.text()))
                .flatMap(Collection::stream);
        if (strings.anyMatch(string -> string.indexOf(0) >= 0)) {
            throw new IllegalArgumentException(
                    "a NUL in the arguments, the environment, the working directory or the user");
        }
        if (env.keySet().stream().anyMatch(name -> name.isEmpty() || name.contains("="))) {
            throw new IllegalArgumentException("the name of an environment variable is empty or has a '='");
        }
    }
}
