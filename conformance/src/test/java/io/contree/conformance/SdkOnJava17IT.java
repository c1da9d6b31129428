package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contree.api.Json;
import io.contree.sdk.Contree;
import io.contree.testkit.LeakChecked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The client, and nothing but what it needs, on a JVM of the Java that it is compiled for. */
@LeakChecked
class SdkOnJava17IT extends ServerSuite {
    /** One class of each jar. */
    private static final List<String> CLASS_PATH = List.of(
            Contree.class.getName(),
            Json.class.getName(),
            "tools.jackson.databind.ObjectMapper",
            "tools.jackson.core.JsonParser",
            "com.fasterxml.jackson.annotation.JsonProperty",
            "org.slf4j.Logger");

    @Test
    void everyPartOfItWorks() throws Exception {
        Optional<Path> jdk = findJdk();
        assumeTrue(
                jdk.isPresent(),
                "needs a JDK 17 in /usr/lib/jvm or JAVA17_HOME: apt-get install openjdk-17-jdk-headless");

        assertThat(run(jdk.get(), Path.of("src/test/resources/java17/OnJava17.java")))
                .isEqualTo("""
                        Java 17
                        run: text
                        events: init to completion
                        process: 0, typed
                        files: [/d/f, /d/g]
                        async: later
                        fan-out: 3
                        cancelled: OperationCancelledException
                        closed
                        """);
    }

    private String run(Path jdk, Path program) throws IOException, InterruptedException {
        return server.runClient(
                jdk.resolve("bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                CLASS_PATH.stream().map(SdkOnJava17IT::place).collect(Collectors.joining(":")),
                program.toString(),
                box);
    }

    private static String place(String type) {
        try {
            return Path.of(Class.forName(type)
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .toString();
        } catch (ClassNotFoundException e) {
            throw new AssertionError("the client no longer needs " + type, e);
        }
    }

    private static Optional<Path> findJdk() throws IOException {
        Path installed = Path.of("/usr/lib/jvm");
        try (Stream<Path> found = Files.isDirectory(installed) ? Files.list(installed) : Stream.of()) {
            return Stream.concat(
                            Optional.ofNullable(System.getenv("JAVA17_HOME")).map(Path::of).stream(), found.sorted())
                    .filter(SdkOnJava17IT::isJdk17)
                    .findFirst();
        }
    }

    /** With a compiler, which runs the program from its source. */
    private static boolean isJdk17(Path home) {
        try {
            return Files.exists(home.resolve("bin/javac"))
                    && Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"17");
        } catch (IOException e) {
            return false;
        }
    }
}
