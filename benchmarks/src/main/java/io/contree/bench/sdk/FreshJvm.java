package io.contree.bench.sdk;

import io.contree.bench.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A new JVM with nothing but the Java client, for one run. */
public final class FreshJvm {
    private FreshJvm() {}

    /** The command line that makes one run on an image and prints what it printed. */
    public static List<String> command(ServerProcess server, String image) throws IOException {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // The program has no log backend, and should not say so each time.
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                String.join(":", SdkJars.all().stream().map(Path::toString).toList()) + ":"
                        + SdkJars.ofClass(FirstResult.class),
                FirstResult.class.getName(),
                server.uri().toString(),
                server.token(),
                image);
    }
}
