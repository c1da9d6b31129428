package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.LeakChecked;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each program of examples/ as its users start it, on the real server. */
@LeakChecked
class ExamplesIT extends ServerSuite {
    @BeforeAll
    void nameIt() {
        busybox.tagAs("busybox:latest");
    }

    private String run(String name) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(TestServer.jvm());
        command.add("io.contree.examples." + name);
        return server.runClient(command.toArray(String[]::new));
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
