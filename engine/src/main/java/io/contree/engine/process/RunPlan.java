package io.contree.engine.process;

import io.contree.api.ProcessRequest;
import io.contree.api.SpawnRequest;
import io.contree.sandbox.ProcessSpec;
import io.contree.store.Image;
import io.contree.store.PlacedFile;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run needs, worked out from its request and its image.
 *
 * @param preservedEnv what the resulting image preserves
 * @param preservedCwd what the resulting image preserves, empty for {@code /}
 */
public record RunPlan(
        SpawnRequest request,
        Image image,
        List<PlacedFile> files,
        ProcessPlan main,
        SortedMap<String, String> preservedEnv,
        String preservedCwd) {
    /** @param grace for what a process leaves behind at its end */
    public static RunPlan of(SpawnRequest request, Image image, List<PlacedFile> files, Duration grace) {
        ProcessPlan main = ProcessPlan.of(request.process(), image, Duration.ofSeconds(request.timeout()), grace);
        String cwd = main.spec().cwd();
        return new RunPlan(
                request,
                image,
                List.copyOf(files),
                main,
                request.preserveEnv() ? Environment.merge(image.env(), request.env()) : new TreeMap<>(image.env()),
                request.preserveCwd() ? plain(cwd) : image.cwd());
    }

    /** The same directory in one spelling, so that it is one state; {@code ..} may lead through a link and stays. */
    private static String plain(String cwd) {
        StringBuilder plain = new StringBuilder();
        for (String name : cwd.split("/")) {
            if (!name.isEmpty() && !name.equals(".")) {
                plain.append('/').append(name);
            }
        }
        return plain.toString();
    }

    /** The main process. */
    public ProcessSpec process() {
        return main.spec();
    }

    /** A further process beside the main one: the same image, and no deadline but the main one's end. */
    ProcessPlan subprocess(ProcessRequest further) {
        return ProcessPlan.of(further, image, Duration.ZERO, process().grace());
    }
}
