package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.LeakChecker;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each program of examples/ as its users start it, on the real server. */
@ExtendWith(LeakChecker.class)
class ExamplesIT extends ServerSuite {
    @BeforeAll
    void nameIt() {
        busybox.tagAs("busybox:latest");
    }

    private String run(String name) throws IOException, InterruptedException {
        return server.runClient(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.contree.examples." + name);
    }

    @Test
    void quickStart() throws Exception {
        assertThat(run("QuickStart")).contains("CHANGES\n").endsWith("as it was: true\n");
    }

    @Test
    void sessions() throws Exception {
        assertThat(run("Sessions")).startsWith("1\n2\n").contains("(begin)").endsWith("  echo 2 >> /app/log\n");
    }

    @Test
    void branches() throws Exception {
        assertThat(run("Branches")).isEqualTo("""
                        branch attempt: a working program
                        branch main has the program: false
                        main, rolled back: a broken program
                        """);
    }

    @Test
    void bestFirstSearch() throws Exception {
        assertThat(run("BestFirstSearch"))
                .containsPattern("[1-9]\\d* dropped as seen before")
                .endsWith(" = 42\n");
    }
}
