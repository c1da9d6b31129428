package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.cli.terminal.ExitCode;
import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LogCommandTest {
    private static final String LINEAGE = "GET /v1/images/" + Replies.NEXT + "/lineage?";

    private ScriptedServer server;
    private final Cli cli = new Cli();

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
        server.on("GET /v1/inspect/" + Replies.NEXT + "/", Answer.json(Replies.image(Replies.NEXT, "b:1")));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static UUID state(int number) {
        return new UUID(0x8000, 0x8000_0000_0000_0000L + number);
    }

    private static String step(UUID input, UUID output, String command) {
        return """
                {"depth": 1, "input_image": %s, "output_image": "%s", "operation_uuid": "%s", "kind": "%s", "command": %s,
                "created_at": "2026-01-02T03:04:05Z", "first": true}""".formatted(
                        input == null ? "null" : "\"" + input + "\"",
                        output,
                        Replies.OPERATION,
                        input == null ? "image_import" : "instance",
                        command == null ? "null" : "\"" + command + "\"");
    }

    private void lineage(String query, String... steps) {
        server.on(LINEAGE + query, Answer.json("{\"steps\": [" + String.join(",", steps) + "]}"));
    }

    @Test
    void listsTheRoadToAnImageBackToItsImport() {
        lineage(
                "limit=1000&direction=ancestors&first=1",
                step(Replies.IMAGE, Replies.NEXT, "make -j2\\nmake \\u001b[31minstall"),
                step(null, Replies.IMAGE, null));

        assertThat(cli.runAt(server.uri(), "log", Replies.NEXT.toString())).isZero();

        assertThat(cli.out()).isEqualTo("""
                image 22222222-2222-8222-8222-222222222222
                Run:   %1$s
                Date:  2026-01-02T03:04:05Z

                    make -j2
                    make ?[31minstall

                image 11111111-1111-8111-8111-111111111111
                By:    %1$s
                Date:  2026-01-02T03:04:05Z

                    (imported)

                """.formatted(Replies.OPERATION));
    }

    @Test
    void listsALineForEachStepAndSaysThatThereAreMore() {
        lineage(
                "limit=2&direction=ancestors",
                step(Replies.IMAGE, Replies.NEXT, "make -j2\\nmake install"),
                step(null, Replies.IMAGE, null));

        assertThat(cli.runAt(server.uri(), "log", "--oneline", "--all", "-n", "1", Replies.NEXT.toString()))
                .isZero();

        assertThat(cli.out()).isEqualTo(Replies.NEXT + "  make -j2 …\n");
        assertThat(cli.err()).contains("-n shows more");
    }

    @Test
    void printsStepsAsJson() {
        lineage("limit=1000&direction=descendants&first=1", step(Replies.NEXT, Replies.IMAGE, "make"));

        assertThat(cli.runAt(server.uri(), "log", "--json", "--graph", Replies.NEXT.toString()))
                .isZero();

        JsonNode steps = new JsonMapper().readTree(cli.out());
        assertThat(steps).hasSize(1);
        assertThat(steps.get(0).path("command").asString()).isEqualTo("make");
        assertThat(steps.get(0).path("input_image").asString()).isEqualTo(Replies.NEXT.toString());
    }

    @Test
    void drawsBranches() {
        lineage(
                "limit=1000&direction=descendants&first=1",
                step(Replies.NEXT, state(1), "setup"),
                step(state(1), state(2), "left"),
                step(state(1), state(3), "right"),
                step(state(2), state(4), "left again"),
                step(state(4), state(5), "leftmost"));

        assertThat(cli.runAt(server.uri(), "log", "--graph", Replies.NEXT.toString()))
                .isZero();

        assertThat(cli.out()).isEqualTo("""
                * %s
                * %s  setup
                ├─* %s  left
                │ * %s  left again
                │ * %s  leftmost
                └─* %s  right
                """.formatted(Replies.NEXT, state(1), state(2), state(4), state(5), state(3)));
    }

    @Test
    void refusesToShowNothing() {
        assertThat(cli.runAt(server.uri(), "log", "-n", "0", Replies.NEXT.toString()))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void showsHowAnImageWasReachedAndWhatWasMadeFromIt() {
        lineage("limit=1&direction=ancestors&first=1&depth=1", step(Replies.IMAGE, Replies.NEXT, "make"));
        lineage("limit=100&direction=descendants&depth=1", step(Replies.NEXT, state(1), "make check"));
        server.on(Replies.STATUS, Replies.operation("instance", "SUCCESS", "null", "\"" + Replies.NEXT + "\"", "null"));

        assertThat(cli.runAt(server.uri(), "show", Replies.NEXT.toString()))
                .as(cli.err())
                .isZero();

        assertThat(cli.out())
                .startsWith("Image:    " + Replies.NEXT + "\nTag:      b:1\n")
                .contains("From:     " + Replies.IMAGE + "\nBy:       " + Replies.OPERATION + "\n")
                .contains("\n\n    make\n\nMade from it:\n  " + state(1) + "  make check\n");
    }

    @Test
    void showsAnImageWhoseRunIsForgotten() {
        lineage("limit=1&direction=ancestors&first=1&depth=1", step(Replies.IMAGE, Replies.NEXT, "make"));
        lineage("limit=100&direction=descendants&depth=1");
        server.on(Replies.STATUS, Answer.status(404, "{\"error\": \"no such operation\", \"status\": 404}"));

        assertThat(cli.runAt(server.uri(), "show", "--json", Replies.NEXT.toString()))
                .as(cli.err())
                .isZero();

        JsonNode shown = new JsonMapper().readTree(cli.out());
        assertThat(shown.at("/reached_by/command").asString()).isEqualTo("make");
        assertThat(shown.has("exit_code")).isFalse();
        assertThat(shown.get("children")).isEmpty();
    }
}
