package io.contree.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The listener in a run of its own: another JVM, as Maven starts one. */
class RunReportsTest {
    @TempDir
    Path module;

    @Test
    void aClassThatIsSkippedAsAWholeIsTold() throws Exception {
        assertThat(run(Skipped.class).waitFor()).isZero();
        assertThat(reports())
                .singleElement()
                .asString()
                .contains("classname=\"" + Skipped.class.getName() + "\"", "needs &lt;a moon&gt;");
    }

    @Test
    void aRunThatDoesNotComeToItsEndHasFailed() throws Exception {
        assertThat(run(Crashing.class).waitFor()).isEqualTo(5);
        assertThat(reports())
                .singleElement()
                .asString()
                .contains("<error message=\"these tests did not come to their end");
    }

    @Test
    void whatOutlivesItsTestIsKilledAndHasFailed() throws Exception {
        Process jvm = run(Leaving.class);
        try (var said = jvm.inputReader()) {
            ProcessHandle left =
                    ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            // Not the JVM's end but that of all who hold its pipe: what Maven waits for.
            assertThat(said.readLine()).isNull();
            left.onExit().get(60, TimeUnit.SECONDS);
        }
        assertThat(jvm.waitFor()).isZero();
        assertThat(reports()).singleElement().asString().contains("left behind and killed: ", "sleep 1000");
    }

    @Test
    void aRunInWhichNothingHappensIsEnded() throws Exception {
        Process jvm = run(Hanging.class, "-Dcontree.testkit.patience=1");
        String said = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor()).isEqualTo(3);
        assertThat(said).contains("the last sign was the start of ", "hangs()", "Its threads:");
        assertThat(reports())
                .singleElement()
                .asString()
                .contains("<error message=\"these tests did not come to their end");
    }

    private Process run(Class<?> tests, String... flags) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dbasedir=" + module));
        command.addAll(List.of(flags));
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), RunReportsTest.class.getName(), tests.getName()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private List<String> reports() throws IOException {
        try (Stream<Path> files = Files.list(module.resolve("target/run-reports"))) {
            return files.map(RunReportsTest::text).toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    public static void main(String[] arguments) {
        LauncherFactory.create()
                .execute(LauncherDiscoveryRequestBuilder.request()
                        .selectors(DiscoverySelectors.selectClass(arguments[0]))
                        .build());
    }

    static class Skipped {
        @BeforeAll
        static void requirements() {
            assumeTrue(false, "needs <a moon>");
        }

        @Test
        void one() {}

        @Test
        void two() {}
    }

    static class Crashing {
        @Test
        void ends() {
            Runtime.getRuntime().halt(5);
        }
    }

    static class Hanging {
        @Test
        void hangs() throws IOException {
            // Not to be interrupted; and the child would hold the JVM's pipe for longer than the test's patience.
            Process child = new ProcessBuilder("sleep", "1000")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertThat(child.getInputStream().read()).isEqualTo(-1);
        }
    }

    static class Leaving {
        @Test
        void leaves() throws IOException {
            Process left = new ProcessBuilder("sleep", "1000").inheritIO().start();
            System.out.println(left.pid());
        }
    }
}
