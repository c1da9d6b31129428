package io.contree.engine.process;

import io.contree.api.ProcessRequest;
import io.contree.sandbox.ProcessSpec;
import io.contree.sandbox.ProcessUser;
import io.contree.store.Image;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A process of a run, worked out from its request and the image. */
record ProcessPlan(ProcessRequest request, ProcessSpec spec) {
    /**
     * @param timeout from its start, zero for none
     * @param grace for what it leaves behind
     */
    static ProcessPlan of(ProcessRequest request, Image image, Duration timeout, Duration grace) {
        Map<String, String> base = request.shell() ? image.env() : Map.of();
        SortedMap<String, String> env = Environment.of(base, request.env());
        ProcessSpec spec = new ProcessSpec(
                argv(request, env),
                env,
                firstOf(request.cwd(), image.cwd(), "/"),
                user(request),
                timeout,
                grace,
                request.truncateOutputAt(),
                !request.stdin().close() || !request.stdin().value().isEmpty());
        return new ProcessPlan(request, spec);
    }

    private static ProcessUser user(ProcessRequest request) {
        return request.user().isEmpty()
                ? ProcessUser.of(request.uid(), request.gid())
                : ProcessUser.asDocker(request.user());
    }

    private static List<String> argv(ProcessRequest request, Map<String, String> env) {
        if (!request.shell()) {
            List<String> argv = new ArrayList<>(List.of(request.command()));
            argv.addAll(request.args());
            return argv;
        }
        StringBuilder line = new StringBuilder(request.command());
        request.args().forEach(arg -> line.append(' ').append(quote(arg)));
        return ShellCommand.of(firstOf(env.getOrDefault("SHELL", ""), "/bin/sh"), line.toString());
    }

    /** A word that every shell reads as exactly this text. */
    private static String quote(String arg) {
        return "'" + arg.replace("'", "'\\''") + "'";
    }

    private static String firstOf(String... candidates) {
        for (String candidate : candidates) {
            if (!candidate.isEmpty()) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("no candidate");
    }
}
