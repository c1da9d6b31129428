package io.contree.testkit.leak;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Open files of this JVM by what they are. The code that the JVM loads at its own time does not count; a few more pipes,
 * sockets and the like, which have no name and come with the JVM's own pollers, are not a leak.
 */
final class OpenFileProbe implements Probe {
    private static final int NAMELESS_ALLOWANCE = 8;

    private static final Path OPEN = Path.of("/proc/self/fd");

    @Override
    public String kind() {
        return "open file";
    }

    @Override
    public Sightings look() throws IOException {
        Sightings seen = new Sightings();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(OPEN)) {
            for (Path link : links) {
                add(seen, link);
            }
        }
        return seen;
    }

    private static void add(Sightings seen, Path link) {
        String target;
        try {
            target = Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // The descriptor that lists the directory, or one closed meanwhile.
            return;
        }
        if (!target.startsWith("/")) {
            seen.addLoosely(target.replaceAll(":?\\[.*", ""), NAMELESS_ALLOWANCE);
        } else if (!isCode(target)) {
            seen.add(target);
        }
    }

    private static boolean isCode(String target) {
        return target.startsWith("/proc/")
                || target.startsWith(System.getProperty("java.home"))
                || target.startsWith("/dev/random")
                || target.startsWith("/dev/urandom")
                || target.endsWith(".jar")
                || target.matches(".*\\.so(\\.[0-9.]+)?");
    }
}
