package io.contree.sandbox.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sandbox.ProcessListener.Stream;
import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxProcess;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InitSessionTest {
    private FakeInit init;
    private final Recorder recorder = new Recorder();

    @BeforeEach
    void open() throws IOException {
        init = new FakeInit();
    }

    @AfterEach
    void close() throws IOException {
        init.close();
    }

    private SandboxProcess spawn() throws IOException {
        SandboxProcess process =
                init.session().spawn(Run.withStdin(Run.command("x")), recorder).orElseThrow();
        assertThat(init.received().type()).isEqualTo('S');
        return process;
    }

    @Test
    void tellsTheListenerInOrder() throws Exception {
        SandboxProcess process = spawn();
        init.sendStarted(1, 5);
        init.send('O', 1, "out");
        init.send('E', 1, "err");
        init.send(
                'T',
                1,
                ByteBuffer.allocate(17).put((byte) 'E').putLong(3).putLong(4).array());
        init.sendExit(1, 0);

        assertThat(recorder.exit().pid()).isEqualTo(99);
        assertThat(recorder.exit().timedOut()).isTrue();
        assertThat(recorder.exit().coreDumped()).isTrue();
        assertThat(recorder.exit().duration()).isEqualTo(Duration.ZERO);
        assertThat(recorder.exit().usage().userMicros()).isEqualTo(1);
        assertThat(recorder.exit().usage().maxRss()).isEqualTo(3);
        assertThat(recorder.exit().usage().involuntarySwitches()).isEqualTo(16);
        assertThat(recorder.pid()).isEqualTo(5);
        assertThat(recorder.stdout()).isEqualTo("out");
        assertThat(recorder.stderr()).isEqualTo("err");
        assertThat(recorder.truncation(Stream.STDERR)).containsExactly(3, 4);
        assertThat(process.isAlive()).isFalse();
        assertThat(init.session().mainEnded()).isTrue();
        assertThat(init.end()).isEmpty();
    }

    @Test
    void numbersProcesses() throws Exception {
        assertThat(spawn().spid()).isEqualTo(1);
        assertThat(spawn().spid()).isEqualTo(2);
        assertThat(init.session().process(2)).isPresent();
        assertThat(init.session().process(3)).isEmpty();
    }

    @Test
    void saysWhenAProcessWasNotSeenToEnd() throws Exception {
        spawn();
        init.sendStarted(1, 5);
        assertThat(init.end()).isEmpty();

        assertThat(recorder.trouble()).isEqualTo("lost: over");
        assertThat(init.session().spawn(Run.command("x"), new Recorder())).isEmpty();
        assertThat(init.session().mainEnded()).isTrue();
    }

    @Test
    void passesOnWhyASpawnFailed() throws Exception {
        spawn();
        init.send(
                'F',
                1,
                ByteBuffer.allocate(7)
                        .putInt(3)
                        .put("why".getBytes(StandardCharsets.UTF_8))
                        .array());
        assertThat(recorder.trouble()).isEqualTo("spawn failed: why");
    }

    @Test
    void keepsStdinWithinTheWindow() throws Exception {
        SandboxProcess process = spawn();
        byte[] bytes = new byte[StdinWindow.SIZE + 10];

        assertThat(process.writeStdin(bytes, Duration.ZERO)).isEqualTo(StdinWindow.SIZE);
        for (int sent = 0; sent < StdinWindow.SIZE; ) {
            Frame frame = init.received();
            assertThat(frame.type()).isEqualTo('I');
            sent += frame.payload().remaining();
        }
        assertThat(process.writeStdin(bytes, Duration.ofMillis(10))).isZero();
        assertThat(process.awaitStdin(1, Duration.ofMillis(10))).isFalse();
        init.sendNumber('W', 1, 7);
        assertThat(process.awaitStdin(7, Duration.ofSeconds(30))).isTrue();
        assertThat(process.awaitStdin(8, Duration.ofMillis(10))).isFalse();
        assertThat(process.writeStdin(new byte[7], Duration.ofSeconds(30))).isEqualTo(7);
        assertThat(init.received().bytes()).hasSize(7);
        process.closeStdin();
        assertThat(init.received().type()).isEqualTo('C');
        assertThatThrownBy(() -> process.writeStdin(new byte[1], Duration.ZERO)).hasMessageContaining("closed");
        assertThatThrownBy(() -> process.awaitStdin(1, Duration.ZERO)).hasMessageContaining("closed");
        assertThatThrownBy(process::closeStdin).hasMessageContaining("closed");
    }

    @Test
    void stopsAWriterWhenTheProcessTakesNoMore() throws Exception {
        SandboxProcess process = spawn();
        process.writeStdin(new byte[StdinWindow.SIZE], Duration.ZERO);
        init.send('Z', 1, "");
        assertThatThrownBy(() -> process.writeStdin(new byte[1], Duration.ofSeconds(30)))
                .isInstanceOfSatisfying(
                        SandboxException.class, e -> assertThat(e.kind()).isEqualTo(SandboxException.Kind.CLOSED));
    }

    @Test
    void refusesStdinThatWasNotAskedFor() throws Exception {
        SandboxProcess process =
                init.session().spawn(Run.command("x"), recorder).orElseThrow();
        assertThatThrownBy(() -> process.writeStdin(new byte[1], Duration.ZERO)).hasMessageContaining("closed");
    }

    @Test
    void sendsSignalsWhileItLives() throws Exception {
        SandboxProcess process = spawn();
        process.signal(15);
        Frame frame = init.received();
        assertThat(frame.type()).isEqualTo('K');
        assertThat(frame.payload().getInt()).isEqualTo(15);
        init.sendExit(1, 0);
        recorder.exit();
        assertThatThrownBy(() -> process.signal(15)).hasMessageContaining("has ended");
    }

    @Test
    void refusesWhatTheProtocolDoesNotKnow() throws Exception {
        breaks(fake -> fake.send('O', 9, "x"), "not spawned");
        breaks(fake -> fake.send('?', 1, "x"), "no known type");
        breaks(fake -> fake.send('O', 1, ""), "out of bounds");
        breaks(fake -> fake.send('O', 1, new byte[65_537]), "out of bounds");
        breaks(fake -> fake.sendNumber('W', 1, 1), "more than were sent");
        breaks(fake -> fake.sendNumber('W', 1, -1), "more than were sent");
        breaks(fake -> fake.send('Q', 1, "short"), "should have 152 bytes");
        breaks(fake -> fake.send('P', 1, ""), "should have 12 bytes");
        breaks(fake -> fake.send('T', 1, new byte[17]), "no known stream");
        breaks(
                fake -> {
                    fake.sendExit(1, 0);
                    fake.send('O', 1, "x");
                },
                "after the end");
    }

    private interface Misdeed {
        void commit(FakeInit init) throws IOException;
    }

    private static void breaks(Misdeed misdeed, String message) throws Exception {
        try (FakeInit fake = new FakeInit()) {
            fake.session().spawn(Run.command("x"), new Recorder());
            misdeed.commit(fake);
            assertThat(fake.end())
                    .hasValueSatisfying(e -> assertThat(e)
                            .isInstanceOf(BrokenFrameException.class)
                            .hasMessageContaining(message));
        }
    }

    @Test
    void refusesAnInitOfAnotherVersion() throws Exception {
        ByteArrayOutputStream greeting = new ByteArrayOutputStream();
        new FrameWriter(greeting).write('R', 0, new byte[] {0, 0, 0, 2});
        InitSession session =
                new InitSession(new ByteArrayInputStream(greeting.toByteArray()), new ByteArrayOutputStream());
        assertThatThrownBy(() -> session.listen(() -> {})).hasMessageContaining("version 2");
    }
}
