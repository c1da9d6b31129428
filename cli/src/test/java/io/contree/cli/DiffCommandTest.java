package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.cli.terminal.ExitCode;
import io.contree.testkit.ScriptedServer;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiffCommandTest {
    private static final String AT = "GET /v1/images/" + Replies.IMAGE + "/diff/" + Replies.NEXT;
    private static final String SIDE =
            "{\"type\":\"regular\",\"path\":\"%s\",\"mode\":33188,\"uid\":0,\"gid\":0,\"size\":%d}";
    private static final String PAGE = "{\"from\":\"" + Replies.IMAGE + "\",\"to\":\"" + Replies.NEXT
            + "\",\"totals\":{\"added\":1,\"modified\":1,\"deleted\":0,\"renamed\":1},\"differences\":["
            + "{\"kind\":\"added\",\"path\":\"/a\",\"changed\":[],\"after\":" + SIDE.formatted("/a", 1500) + "},"
            + "{\"kind\":\"modified\",\"path\":\"/m\",\"changed\":[\"content\",\"mode\"],\"before\":"
            + SIDE.formatted("/m", 1) + ",\"after\":" + SIDE.formatted("/m", 2) + "},"
            + "{\"kind\":\"renamed\",\"path\":\"/new\",\"changed\":[],\"before\":" + SIDE.formatted("/old", 5)
            + ",\"after\":"
            + SIDE.formatted("/new", 5) + "}]}";

    private ScriptedServer server;
    private final Cli cli = new Cli();

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private int diff(String... options) {
        String[] args = new String[options.length + 3];
        args[0] = "diff";
        System.arraycopy(options, 0, args, 1, options.length);
        args[options.length + 1] = Replies.IMAGE.toString();
        args[options.length + 2] = Replies.NEXT.toString();
        return cli.runAt(server.uri(), args);
    }

    @Test
    void aLineForEachDifference() {
        server.on(AT + "?times=false&limit=10000", Answer.json(PAGE));

        assertThat(diff()).isZero();
        assertThat(cli.out()).isEqualTo("""
                A  /a
                M  /m
                R  /old -> /new
                """);
    }

    @Test
    void sizesAndTotals() {
        server.on(AT + "?times=false&limit=10000", Answer.json(PAGE));

        assertThat(diff("--stat", "--exit-code")).isEqualTo(ExitCode.FAILED);
        assertThat(cli.out()).isEqualTo("""
                A  /a  1.5 kB
                M  /m  1 B -> 2 B (content, mode)
                R  /old -> /new  5 B
                1 added, 1 modified, 0 deleted, 1 renamed
                """);
    }

    @Test
    void filtersGoToTheServer() {
        server.on(AT + "?renames=false&path=%2Frepo&exclude=%2Frepo%2F.git&limit=10000", Answer.json(PAGE));

        assertThat(diff("--times", "--no-renames", "--path", "/repo", "--exclude", "/repo/.git", "--name-only"))
                .isZero();
        assertThat(cli.out()).isEqualTo("/a\n/m\n/new\n");
    }

    @Test
    void jsonHasAllThatIsKnown() {
        server.on(AT + "?times=false&limit=10000", Answer.json(PAGE));

        assertThat(diff("--json")).isZero();
        assertThat(cli.out()).contains("\"renamed\"", "\"/old\"", "33188");
    }

    @Test
    void theStepBeforeIsTheOtherOne() {
        server.on(
                "GET /v1/inspect/?tag=" + Replies.NEXT + "%7E1",
                Answer.status(302, "", "Location: " + Replies.IMAGE + "/"));
        server.on("GET /v1/inspect/" + Replies.IMAGE + "/", Answer.json(Replies.image(Replies.IMAGE, null)));
        server.on(AT + "?times=false&limit=10000", Answer.json(PAGE));

        assertThat(cli.runAt(server.uri(), "diff", Replies.NEXT.toString()))
                .as(cli.err())
                .isZero();
        assertThat(cli.out()).startsWith("A  /a\n");
    }

    @Test
    void oneFormAtATime() {
        assertThat(diff("--stat", "--patch")).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("--patch", "--stat");
    }
}
