package io.contree.catalog;

import io.contree.linux.FaultPoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link CrashedStore} in a process of its own. */
record CrashedChild(Path data, Path trees, long seed) {
    private static final long SECONDS = 120;

    /**
     * Works until it dies at a point, reached for the nth time, or has done its steps.
     *
     * @return whether it died
     */
    boolean run(String point, int nth, int steps, ToldModel told) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashedStore.class.getName()));
        command.addAll(List.of(
                data.toString(),
                trees.toString(),
                Long.toString(seed),
                point,
                Integer.toString(nth),
                Integer.toString(steps)));
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                told.line(line);
            }
            return child.waitFor(SECONDS, TimeUnit.SECONDS) && child.exitValue() == FaultPoint.DIED;
        } finally {
            child.destroyForcibly().waitFor();
        }
    }
}
