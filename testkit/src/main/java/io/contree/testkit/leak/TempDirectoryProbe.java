package io.contree.testkit.leak;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files and directories called {@code contree*} in the temporary directory that no other JVM works in. */
final class TempDirectoryProbe implements Probe {
    private final Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    @Override
    public String kind() {
        return "temporary file";
    }

    @Override
    public Sightings look() throws IOException {
        Sightings seen = new Sightings();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(directory, "contree*")) {
            for (Path name : names) {
                if (!Processes.othersUse(name)) {
                    seen.add(name.toString());
                }
            }
        }
        return seen;
    }
}
