package io.contree.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory to try things in, on the file system where the data is or will be; closing removes it. */
final class Workshop implements AutoCloseable {
    private final Path directory;

    private Workshop(Path directory) {
        this.directory = directory;
    }

    static Workshop near(Path data) throws IOException {
        return new Workshop(Files.createTempDirectory(existing(data), ".contree-doctor-"));
    }

    /** The directory itself, or the nearest one above it that is there. */
    static Path existing(Path data) {
        Path place = data;
        while (!Files.isDirectory(place) && place.getParent() != null) {
            place = place.getParent();
        }
        return place;
    }

    Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Override
    public void close() throws IOException {
        List<Path> inside;
        try (Stream<Path> walk = Files.walk(directory)) {
            inside = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : inside) {
            Files.deleteIfExists(path);
        }
    }
}
