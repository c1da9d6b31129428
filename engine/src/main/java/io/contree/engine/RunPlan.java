package io.contree.engine;

import io.contree.api.SpawnRequest;
import io.contree.sandbox.ProcessSpec;
import io.contree.store.Image;
import io.contree.store.PlacedFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run needs, worked out from its request and its image.
 *
 * @param preservedEnv what the resulting image preserves
 * @param preservedCwd what the resulting image preserves, empty for {@code /}
 */
record RunPlan(
        SpawnRequest request,
        Image image,
        List<PlacedFile> files,
        ProcessSpec process,
        SortedMap<String, String> preservedEnv,
        String preservedCwd) {
    static RunPlan of(SpawnRequest request, Image image, List<PlacedFile> files) {
        Map<String, String> base = request.shell() ? image.env() : Map.of();
        SortedMap<String, String> env = Environment.of(base, request.env(), request.uid());
        String cwd = firstOf(request.cwd(), image.cwd(), "/");
        ProcessSpec process = new ProcessSpec(
                argv(request, env),
                env,
                cwd,
                request.uid(),
                request.gid(),
                Duration.ofSeconds(request.timeout()),
                request.truncateOutputAt(),
                !request.stdin().close() || !request.stdin().value().isEmpty());
        return new RunPlan(
                request,
                image,
                List.copyOf(files),
                process,
                request.preserveEnv() ? Environment.merge(image.env(), request.env()) : new TreeMap<>(image.env()),
                request.preserveCwd() ? (cwd.equals("/") ? "" : cwd) : image.cwd());
    }

    private static List<String> argv(SpawnRequest request, Map<String, String> env) {
        List<String> argv = new ArrayList<>();
        if (!request.shell()) {
            argv.add(request.command());
            argv.addAll(request.args());
            return argv;
        }
        StringBuilder line = new StringBuilder(request.command());
        request.args().forEach(arg -> line.append(' ').append(quote(arg)));
        argv.add(env.getOrDefault("SHELL", "/bin/sh"));
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
