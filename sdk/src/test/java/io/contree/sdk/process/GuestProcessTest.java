package io.contree.sdk.process;

import static io.contree.sdk.RunsOfScript.image;
import static io.contree.sdk.RunsOfScript.operation;
import static io.contree.sdk.RunsOfScript.record;
import static io.contree.sdk.RunsOfScript.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.Image;
import io.contree.sdk.RunsOfScript;
import io.contree.sdk.session.Session;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakChecker.class)
class GuestProcessTest {
    private static final String EVENTS = status(1) + "/events";
    private static final String STDIN = "POST /v1/operations/" + operation(1) + "/subprocesses/1/stdin";
    private static final String SIGNAL = "DELETE /v1/operations/" + operation(1) + "/subprocesses/1";
    private static final String SPAWN = """
            0 spawn "spid": 1, "data": {"pid": 7, "command": "cat", "args": ["-n"], "uid": 5}""";
    private static final String EXIT = """
            9 exit "spid": 1, "data": {"code": 0, "signal": -1, \
            "resources": {"user_time_us": 1500, "sys_time_us": 500}}""";
    private static final String COMPLETION = "10 completion \"data\": {\"status\": \"SUCCESS\"}";

    private RunsOfScript script;
    private Image base;

    @BeforeEach
    void start() throws IOException {
        script = new RunsOfScript();
        script.accepts(1).ended(1, 0);
        base = script.contree.images().use(image(0));
    }

    @AfterEach
    void stop() throws IOException {
        script.close();
    }

    private static String out(int id, String stream, String text) {
        return id + " " + stream + " \"spid\": 1, \"data\": {\"value\": \"" + text + "\", \"encoding\": \"ascii\"}";
    }

    private static String text(java.io.InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Runs to where it prints, and then until the test lets go of it by closing the server. */
    private GuestProcess running(String... events) throws IOException {
        Answer some = Answer.events(events);
        script.server.on(EVENTS, connection -> {
            some.write(connection);
            Answer.hang().write(connection);
        });
        return base.popen("cat");
    }

    @Test
    void bringsOutputAndTheEnd() throws Exception {
        script.server.on(
                EVENTS,
                Answer.events(
                        SPAWN, out(1, "stdout", "a"), out(2, "stderr", "b"), out(3, "stdout", "c"), EXIT, COMPLETION));

        GuestProcess process = base.popen("cat", "-n");

        assertThat(text(process.getInputStream())).isEqualTo("ac");
        assertThat(text(process.getErrorStream())).isEqualTo("b");
        assertThat(process.waitFor()).isZero();
        assertThat(process.waitFor(0, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(process.isAlive()).isFalse();
        assertThat(process.onExit().get()).isSameAs(process);
        assertThat(process.result().image().uuid()).isEqualTo(image(1));
        assertThat(process.operation()).isEqualTo(operation(1));
        assertThat(script.server.requests(RunsOfScript.SPAWN).get(0).body())
                .contains("\"close\":false", "\"timeout\":86400", "\"truncate_output_at\":10485760");
    }

    @Test
    void takesUpABrokenLogWhereItWas() throws Exception {
        script.server
                .on(
                        EVENTS,
                        Answer.events(SPAWN, out(1, "stdout", "a")),
                        Answer.events(out(2, "stdout", "b"), EXIT, COMPLETION))
                .on(status(1), record(1, "EXECUTING", "null", 0), record(1, "SUCCESS", "\"" + image(1) + "\"", 0));

        GuestProcess process = base.popen("cat");

        assertThat(text(process.getInputStream())).isEqualTo("ab");
        assertThat(process.waitFor()).isZero();
        assertThat(script.server.requests(EVENTS).get(1).headers()).containsEntry("last-event-id", "1");
    }

    @Test
    void isAliveUntilItEnds() throws Exception {
        GuestProcess process = running(SPAWN, out(1, "stdout", "a"));

        assertThat(process.getInputStream().read()).isEqualTo('a');
        assertThat(process.isAlive()).isTrue();
        assertThat(process.waitFor(1, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(process.onExit()).isNotDone();
        assertThat(process.onExit().cancel(true)).isTrue();
        assertThatThrownBy(process::exitValue).isInstanceOf(IllegalThreadStateException.class);
        assertThatThrownBy(process::result).isInstanceOf(IllegalThreadStateException.class);
        assertThat(process.isAlive()).as("after its future was cancelled").isTrue();
    }

    @Test
    void isNoProcessOfThisMachine() throws Exception {
        script.server.on(EVENTS, Answer.events(SPAWN, EXIT, COMPLETION));
        GuestProcess process = base.popen("cat", "-n");
        process.waitFor();

        assertThatThrownBy(process::pid).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(process::toHandle).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(process::children).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(process::descendants).isInstanceOf(UnsupportedOperationException.class);
        assertThat(process.supportsNormalTermination()).isTrue();
        assertThat(process.guestPid()).isEqualTo(7);
        assertThat(process.info().command()).contains("cat");
        assertThat(process.info().arguments())
                .hasValueSatisfying(args -> assertThat(args).containsExactly("-n"));
        assertThat(process.info().commandLine()).contains("cat -n");
        assertThat(process.info().user()).contains("5");
        assertThat(process.info().startInstant()).isPresent();
        assertThat(process.info().totalCpuDuration()).contains(Duration.ofMillis(2));
        assertThat(process).hasToString("GuestProcess[operation=" + operation(1) + ", exitValue=0]");
    }

    @Test
    void writesWhatIsFlushed() throws Exception {
        script.server.on(STDIN, Answer.status(204, ""));
        GuestProcess process = running(SPAWN);
        OutputStream in = process.getOutputStream();

        in.write("ab".getBytes(StandardCharsets.UTF_8));
        assertThat(script.server.requests(STDIN)).isEmpty();
        in.flush();
        in.close();
        in.close();

        assertThat(script.server.requests(STDIN)).hasSize(2);
        assertThat(script.server.requests(STDIN).get(0).body()).contains("\"YWI=\"", "\"close\":false");
        assertThat(script.server.requests(STDIN).get(1).body()).contains("\"close\":true");
        assertThatThrownBy(() -> {
                    in.write(1);
                    in.flush();
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void aProcessThatEndedBreaksThePipe() throws Exception {
        script.server.on(STDIN, Answer.status(410, "{\"error\": \"ended\", \"status\": 410}"));
        GuestProcess process = running(SPAWN);

        process.getOutputStream().write(new byte[10]);
        assertThatThrownBy(() -> process.getOutputStream().flush())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Broken pipe");
    }

    @Test
    void signalsAndIsContentIfItHasEnded() throws Exception {
        script.server
                .on(SIGNAL + "?signal=TERM", Answer.status(204, ""))
                .on(SIGNAL + "?signal=KILL", Answer.status(404, "{\"error\": \"dead\", \"status\": 404}"));
        GuestProcess process = running(SPAWN);

        process.destroy();
        assertThat(process.destroyForcibly()).isSameAs(process);

        assertThat(script.server.requests(SIGNAL)).hasSize(2);
    }

    @Test
    void whatCannotBeRunIsAnIoException() {
        script.server.on(EVENTS, Answer.events("0 completion \"data\": {\"status\": \"FAILED\"}"));
        script.endedWithout(1, "FAILED");
        assertThatThrownBy(() -> base.popen("no-such-program"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Cannot run \"no-such-program\"");

        script.server.on(RunsOfScript.SPAWN, Answer.status(404, "{\"error\": \"no such image\", \"status\": 404}"));
        assertThatThrownBy(() -> base.popen("cat"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such image");
    }

    @Test
    void droppedOutputIsNoSilentEnd() throws Exception {
        script.server.on(
                EVENTS,
                Answer.events(
                        SPAWN,
                        out(1, "stdout", "a"),
                        "2 truncated \"spid\": 1, \"data\": {\"stream\": \"stdout\", \"bytes_emitted\": 1, \"bytes_dropped\": 5}",
                        EXIT,
                        COMPLETION));
        GuestProcess process = base.popen("cat");

        assertThat(process.getInputStream().read()).isEqualTo('a');
        assertThatThrownBy(() -> process.getInputStream().read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("5 bytes of stdout were dropped");
        assertThat(process.getErrorStream().read()).isEqualTo(-1);
        process.waitFor();
    }

    @Test
    void aCancelledRunCountsAsKilled() throws Exception {
        script.server.on(EVENTS, Answer.events(SPAWN, "1 completion \"data\": {\"status\": \"CANCELLED\"}"));
        script.endedWithout(1, "CANCELLED");

        GuestProcess process = base.popen("cat");

        assertThat(process.waitFor()).isEqualTo(137);
        assertThatThrownBy(process::result).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void looksLikeAProcessBuilder(@TempDir Path directory) throws Exception {
        script.server
                .on(STDIN, Answer.status(204, ""))
                .on(EVENTS, Answer.events(SPAWN, out(1, "stdout", "a"), out(2, "stderr", "b"), EXIT, COMPLETION));
        File in = Files.writeString(directory.resolve("in"), "input").toFile();
        File log = Files.writeString(directory.resolve("log"), "old ").toFile();
        GuestProcessBuilder builder = base.process("cat")
                .command("cat", "-n")
                .directory("/work")
                .redirectErrorStream(true)
                .redirectInput(in)
                .redirectOutput(Redirect.appendTo(log))
                .timeout(Duration.ofSeconds(5))
                .settings(run -> run.user(1, 1));
        builder.environment().put("A", "1");

        GuestProcess process = builder.start();

        assertThat(process.waitFor()).isZero();
        assertThat(log).hasContent("old ab");
        assertThat(process.getInputStream().read()).isEqualTo(-1);
        assertThat(script.server.requests(RunsOfScript.SPAWN).get(0).body())
                .contains("\"-n\"", "\"cwd\":\"/work\"", "\"A\":\"1\"", "\"uid\":1", "\"timeout\":5");
        assertThat(builder.command()).isEqualTo(List.of("cat", "-n"));
        assertThat(builder.directory()).contains("/work");
        assertThatThrownBy(() -> builder.redirectInput(Redirect.INHERIT)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.redirectOutput(Redirect.from(in)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.redirectInput(directory.resolve("none").toFile())
                        .start())
                .isInstanceOf(IOException.class);
    }

    @Test
    void aSessionMovesWhenItsProcessHasEnded() throws Exception {
        script.server.on(EVENTS, Answer.events(SPAWN, EXIT, COMPLETION));
        Session session = base.session();

        session.popen("cat").waitFor();

        assertThat(session.history()).hasSize(2);
        assertThat(session.image().uuid()).isEqualTo(image(1));
    }
}
