package io.contree.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Standard input, output and error: bytes, windows and limits. */
class StreamsTest extends InitTest {
    private static final int WINDOW = 262_144;

    @Test
    void echoesManyMegabytesInsideTheWindow() throws Exception {
        byte[] sent = new byte[24 << 20];
        new Random(7).nextBytes(sent);
        init.spawn(1, Spawn.of("/bin/cat").stdinOpen());
        assertThat(init.next().type()).isEqualTo('P');

        byte[] echoed = exchange(sent, () -> {});

        assertThat(Arrays.mismatch(echoed, sent)).isEqualTo(-1);
    }

    @Test
    void aSlowServerLosesNothing() throws Exception {
        byte[] sent = new byte[8 << 20];
        new Random(8).nextBytes(sent);
        init.spawn(1, Spawn.of("/bin/cat").stdinOpen());
        assertThat(init.next().type()).isEqualTo('P');

        byte[] echoed = exchange(sent, () -> Thread.sleep(1));

        assertThat(Arrays.mismatch(echoed, sent)).isEqualTo(-1);
    }

    @Test
    void commandsAreObeyedWhileOutputIsNotRead() throws Exception {
        init.spawn(2, Spawn.shell("echo ready; read line; kill -9 $line").stdinOpen());
        init.awaitOutput(2, "ready");
        init.spawn(1, Spawn.of("/usr/bin/yes"));
        int yes = init.await('P', 1).body().getInt();

        // From here nothing is read until the process that writes without end was killed by a command.
        init.stdin(2, (yes + "\n").getBytes(StandardCharsets.UTF_8));

        ProcessHandle.of(yes).ifPresent(handle -> handle.onExit().join());
        assertThat(init.outcome(1).exit().signal()).isEqualTo(9);
    }

    @Test
    void aProcessThatIsNotReadBlocksInsteadOfFillingMemory() throws Exception {
        init.spawn(1, Spawn.shell("head -c 200000000 /dev/zero"));

        assertThat(countOutput(1)).isEqualTo(200_000_000);
        assertThat(peakKiB()).isLessThan(16_384);
    }

    @Test
    void aWindowThatIsNotTakenHoldsItsBytes() throws Exception {
        init.run(1, Spawn.shell("mkfifo go").cwd(directory.toString()));
        init.spawn(
                2, Spawn.shell("read x < go; wc -c").cwd(directory.toString()).stdinOpen());
        init.stdin(2, new byte[WINDOW]);
        init.closeStdin(2);
        init.run(3, Spawn.shell("echo > go").cwd(directory.toString()));

        assertThat(init.outcome(2).text().trim()).isEqualTo(Integer.toString(WINDOW));
    }

    @Test
    void tellsWhenAProcessClosesItsInput() throws Exception {
        init.spawn(1, Spawn.shell("exec 0<&-; echo closed; sleep 1000").stdinOpen());
        init.await('Z', 1);
        init.stdin(1, new byte[WINDOW]);
        init.stdin(1, new byte[WINDOW]);
        init.signal(1, 9);

        assertThat(init.outcome(1).order()).doesNotContain("W").endsWith("Q");
    }

    @Test
    void tellsThatInputIsClosedWhenTheProcessEnds() throws Exception {
        assertThat(init.run(1, Spawn.shell("exit 0").stdinOpen()).order()).isEqualTo("PZQ");
    }

    @Test
    void inputForAClosedOrUnknownProcessIsDropped() throws Exception {
        init.stdin(9, new byte[100]);
        init.closeStdin(9);
        init.signal(9, 15);
        init.spawn(1, Spawn.shell("wc -c"));
        init.stdin(1, new byte[100]);
        assertThat(init.outcome(1).text().trim()).isEqualTo("0");
    }

    @Test
    void emptyInputIsNoEndOfInput() throws Exception {
        init.spawn(1, Spawn.shell("wc -c").stdinOpen());
        init.stdin(1, new byte[0]);
        init.stdin(1, new byte[5]);
        init.closeStdin(1);
        assertThat(init.outcome(1).text().trim()).isEqualTo("5");
    }

    @Test
    void truncatesEachStreamAtItsLimitAndCountsTheRest() throws Exception {
        Init.Outcome outcome = init.run(
                1,
                Spawn.shell("head -c 200000 /dev/zero; head -c 1000 /dev/zero >&2")
                        .limit(1000));

        assertThat(outcome.out()).hasSize(1000);
        assertThat(outcome.err()).hasSize(1000);
        assertThat(outcome.truncated().keySet()).containsExactly('O');
        assertThat(outcome.truncated().get('O')).containsExactly(1000, 199_000);
    }

    @Test
    void aLimitOfNothingDropsEverything() throws Exception {
        Init.Outcome outcome =
                init.run(1, Spawn.shell("echo 12345; echo 123 >&2").limit(0));

        assertThat(outcome.order()).matches("PTTQ");
        assertThat(outcome.truncated().get('O')).containsExactly(0, 6);
        assertThat(outcome.truncated().get('E')).containsExactly(0, 4);
    }

    @Test
    void countsHundredsOfMegabytesThatAreDropped() throws Exception {
        Init.Outcome outcome =
                init.run(1, Spawn.shell("head -c 300000000 /dev/zero").limit(65_536 * 3 + 1));

        assertThat(outcome.out()).hasSize(65_536 * 3 + 1);
        assertThat(outcome.truncated().get('O')).containsExactly(196_609, 299_803_391);
    }

    @Test
    void truncationIsToldWhenTheStreamEndsAndNotTheProcess() throws Exception {
        init.spawn(1, Spawn.shell("echo 12345; exec >&-; read line").limit(2).stdinOpen());
        assertThat(init.await('T', 1).payload()).hasSize(17);
        init.closeStdin(1);
        assertThat(init.outcome(1).text()).isEqualTo("12");
    }

    @Test
    void framesAreNeverLongerThanAgreed() throws Exception {
        init.spawn(1, Spawn.shell("head -c 10000000 /dev/zero"));
        init.await('P', 1);
        Frame frame = init.next();
        while (frame.type() != 'Q') {
            assertThat(frame.payload().length).isBetween(1, 65_536);
            frame = init.next();
        }
    }

    /** Reads to the end of a process that is alone, and keeps nothing. */
    private long countOutput(int spid) throws IOException {
        long count = 0;
        Frame frame = init.next();
        while (frame.type() != 'Q' || frame.spid() != spid) {
            count += frame.type() == 'O' ? frame.payload().length : 0;
            frame = init.next();
        }
        return count;
    }

    private long peakKiB() throws Exception {
        String status = init.run(99, Spawn.shell("grep VmHWM /proc/" + init.pid() + "/status"))
                .text();
        return Long.parseLong(status.replaceAll("\\D", ""));
    }

    /** Something to do after each frame that was read. */
    interface Pause {
        void take() throws InterruptedException;
    }

    /** Sends bytes to process 1 as its window allows, closes its input, and collects what comes back. */
    private byte[] exchange(byte[] bytes, Pause pause) throws Exception {
        Semaphore window = new Semaphore(WINDOW);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> sender = executor.submit(() -> {
                sendAll(bytes, window);
                return null;
            });
            ByteArrayOutputStream echoed = new ByteArrayOutputStream();
            Frame frame = init.next();
            while (frame.type() != 'Q') {
                if (frame.type() == 'O') {
                    echoed.writeBytes(frame.payload());
                } else if (frame.type() == 'W') {
                    window.release(frame.body().getInt());
                }
                pause.take();
                frame = init.next();
            }
            sender.get();
            return echoed.toByteArray();
        }
    }

    private void sendAll(byte[] bytes, Semaphore window) throws IOException, InterruptedException {
        int size = 50_000;
        for (int at = 0; at < bytes.length; at += size) {
            byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size));
            window.acquire(part.length);
            init.stdin(1, part);
        }
        init.closeStdin(1);
    }
}
