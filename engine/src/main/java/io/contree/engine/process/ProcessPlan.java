package io.contree.engine.process;

import io.contree.api.ProcessRequest;
import io.contree.sandbox.ProcessSpec;
import io.contree.store.Image;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A process of a run, worked out from its request and the image. */
record ProcessPlan(ProcessRequest request, ProcessSpec spec) {
    /** @param timeout from its start, zero for none */
    static ProcessPlan of(ProcessRequest request, Image image, Duration timeout) {
        Map<String, String> base = request.shell() ? image.env() : Map.of();
        SortedMap<String, String> env = Environment.of(base, request.env(), request.uid());
        ProcessSpec spec = new ProcessSpec(
                argv(request, env),
                env,
                firstOf(request.cwd(), image.cwd(), "/"),
                request.uid(),
                request.gid(),
                timeout,
                request.truncateOutputAt(),
                !request.stdin().close() || !request.stdin().value().isEmpty());
        return new ProcessPlan(request, spec);
    }

    private static List<String> argv(ProcessRequest request, Map<String, String> env) {
        List<String> argv = new ArrayList<>();
        if (!request.shell()) {
            argv.add(request.command());
            argv.addAll(request.args());
            return argv;
        }
        StringBuilder line = new StringBuilder(request.command());
        request.args().forEach(arg -> line.append(' ').append(quote(arg)));
        argv.add(firstOf(env.getOrDefault("SHELL", ""), "/bin/sh"));
        argv.add("-c");
        argv.add(line.toString());
        return argv;
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
