package io.contree.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How processes, and everything, come to their end: by themselves, by signals, by deadlines, by the server. */
class EndTest extends InitTest {
    /** As much time as a test waits for at most, in milliseconds. */
    private static final long GENEROUS = 10_000;

    /** More than a test may take: whoever waits for its end fails. */
    private static final long FOREVER = 3_600_000;

    @Test
    void aSignalGoesToTheWholeGroup() throws Exception {
        init.spawn(1, Spawn.shell("sleep 1000 & echo $!; wait; sleep 1000"));
        long child = Long.parseLong(init.await('O', 1).text().trim());
        init.signal(1, 15);

        assertThat(init.outcome(1).exit().signal()).isEqualTo(15);
        awaitGone(child);
    }

    @Test
    void aStoppedProcessGoesOn() throws Exception {
        init.spawn(1, Spawn.shell("echo ready; read line; echo $line").stdinOpen());
        init.awaitOutput(1, "ready");
        init.signal(1, 19);
        init.stdin(1, "more\n".getBytes(StandardCharsets.UTF_8));
        init.signal(1, 18);

        assertThat(init.outcome(1).text()).isEqualTo("more\n");
    }

    @Test
    void sleepDiesOfSigtermAsTheFirstProcess() throws Exception {
        init.spawn(1, Spawn.of("/bin/sleep", "2147483647").main());
        init.await('P', 1);
        init.signal(1, 15);

        assertThat(init.outcome(1).exit().signal()).isEqualTo(15);
        assertThat(init.exitCode()).isZero();
    }

    @Test
    void aDeadlineKillsTheGroup() throws Exception {
        init.spawn(1, Spawn.shell("trap '' TERM; sleep 1000 & echo $!; wait").timeoutMillis(200));
        long child = Long.parseLong(init.await('O', 1).text().trim());
        Exit exit = init.outcome(1).exit();

        assertThat(exit.timedOut()).isTrue();
        assertThat(exit.signal()).isEqualTo(9);
        assertThat(exit.durationMicros()).isGreaterThanOrEqualTo(200_000);
        awaitGone(child);
    }

    @Test
    void aDeadlineIsKeptAlthoughAChildLeftTheGroupWithThePipes() throws Exception {
        init.spawn(1, Spawn.shell("setsid sleep 1000 & echo $!; wait").timeoutMillis(200));
        long child = Long.parseLong(init.await('O', 1).text().trim());

        assertThat(init.outcome(1).exit().timedOut()).isTrue();
        init.shutDown();
        assertThat(init.exitCode()).isZero();
        awaitGone(child);
    }

    @Test
    void noDeadlineIsTooLong() throws Exception {
        Exit exit = init.run(1, Spawn.shell("sleep 0.1").timeoutMillis(-1)).exit();
        assertThat(exit.timedOut()).isFalse();
        assertThat(init.run(2, Spawn.shell("sleep 0.1").timeoutMillis(Long.MAX_VALUE))
                        .exit()
                        .code())
                .isZero();
    }

    @Test
    void anExitBeforeTheDeadlineIsNoTimeout() throws Exception {
        Exit exit = init.run(1, Spawn.shell("exit 3").timeoutMillis(50_000)).exit();

        assertThat(exit.timedOut()).isFalse();
        assertThat(exit.code()).isEqualTo(3);
    }

    @Test
    void aBackgroundChildThatKeepsThePipesDoesNotHoldTheExit() throws Exception {
        Init.Outcome outcome = init.run(1, Spawn.shell("echo before; sleep 1000 & exit 0"));

        assertThat(outcome.text()).isEqualTo("before\n");
        assertThat(outcome.exit().code()).isZero();
    }

    /** Every way in which a process ends but its own exit; what it wrote last is still with the one that reads it. */
    @ParameterizedTest
    @ValueSource(strings = {"exit 3", "kill -9 $$", "while :; do :; done", "exec sleep 1000"})
    void whoReadsTheOutputOfTheMainProcessTakesTheLastOfIt(String end) throws Exception {
        boolean deadline = end.contains("while") || end.contains("sleep");
        init.spawn(
                1,
                Spawn.of("/bin/bash", "-c", "exec > >(sleep 0.3; exec tee log); seq 10000; " + end)
                        .env("PATH=" + System.getenv("PATH"))
                        .cwd(directory.toString())
                        .timeoutMillis(deadline ? 3_000 : 0)
                        .graceMillis(GENEROUS)
                        .main());
        Init.Outcome outcome = init.outcome(1);

        String all = IntStream.rangeClosed(1, 10_000).mapToObj(i -> i + "\n").collect(Collectors.joining());
        assertThat(outcome.text()).isEqualTo(all);
        assertThat(directory.resolve("log")).hasContent(all);
        assertThat(outcome.exit().timedOut()).isEqualTo(deadline);
        assertThat(outcome.exit().durationMicros()).isLessThan(GENEROUS * 1000);
        assertThat(init.exitCode()).isZero();
    }

    @Test
    void whoReadsTheOutputOfASubprocessTakesTheLastOfIt() throws Exception {
        init.spawn(
                1,
                Spawn.of("/bin/bash", "-c", "exec > >(sleep 0.3; exec tee log); seq 10000")
                        .env("PATH=" + System.getenv("PATH"))
                        .cwd(directory.toString())
                        .graceMillis(GENEROUS));

        assertThat(init.outcome(1).text()).endsWith("\n10000\n").hasLineCount(10_000);
        assertThat(Files.readAllLines(directory.resolve("log"))).hasSize(10_000);
    }

    @Test
    void theEndOfTheMainProcessLeavesASubprocessItsLastWords() throws Exception {
        init.spawn(2, Spawn.shell("(sleep 0.6; echo last) & echo first").graceMillis(GENEROUS));
        init.awaitOutput(2, "first");
        init.spawn(1, Spawn.shell("exec >&- 2>&-; exit 3").main().graceMillis(GENEROUS));

        assertThat(init.outcome(2).text()).endsWith("last\n");
        assertThat(init.outcome(1).exit().code()).isEqualTo(3);
    }

    @Test
    void aMainProcessThatLeavesNothingBehindEndsAtOnce() throws Exception {
        init.spawn(1, Spawn.shell("echo done").main().graceMillis(FOREVER));

        assertThat(init.outcome(1).text()).isEqualTo("done\n");
        assertThat(init.exitCode()).isZero();
    }

    @Test
    void whatIsLeftGetsSigtermWhileItStillCanWrite() throws Exception {
        init.spawn(
                1,
                Spawn.shell("(trap 'echo asked; exit' TERM; echo ready > ready; while :; do sleep 0.01; done) &"
                                + " while [ ! -e ready ]; do sleep 0.01; done; echo main")
                        .cwd(directory.toString())
                        .main()
                        .graceMillis(3_000));

        assertThat(init.outcome(1).text()).isEqualTo("main\nasked\n");
        assertThat(init.exitCode()).isZero();
    }

    @Test
    void whatHoldsNoOutputIsNotWaitedForLong() throws Exception {
        init.spawn(
                1,
                Spawn.shell("sleep 1000 </dev/null >/dev/null 2>&1 & echo $!")
                        .main()
                        .graceMillis(FOREVER));
        long child = Long.parseLong(init.outcome(1).text().trim());

        assertThat(init.exitCode()).isZero();
        awaitGone(child);
    }

    @Test
    void whatDoesNotHearSigtermIsKilledWhenItsTimeIsOver() throws Exception {
        init.spawn(
                1,
                Spawn.shell("(trap '' TERM HUP; echo deaf; while :; do sleep 0.05; done) & echo $!; read line")
                        .stdinOpen()
                        .main()
                        .graceMillis(400));
        init.awaitOutput(1, "deaf");
        init.closeStdin(1);

        assertThat(init.outcome(1).exit().code()).isEqualTo(1);
        assertThat(init.exitCode()).isZero();
    }

    @Test
    void anEndlessWriterHoldsNobodyLongerThanItsTime() throws Exception {
        init.spawn(1, Spawn.shell("yes & exit 0").limit(100_000).graceMillis(300));
        assertThat(init.outcome(1).out()).hasSize(100_000);
        init.spawn(
                2, Spawn.shell("yes & exit 4").limit(100_000).graceMillis(300).main());

        assertThat(init.outcome(2).exit().code()).isEqualTo(4);
        assertThat(init.exitCode()).isZero();
    }

    @Test
    void nothingIsSpawnedOnceTheMainProcessHasEnded() throws Exception {
        init.spawn(1, Spawn.shell("sleep 1000 & echo $$").main().graceMillis(4_000));
        awaitGone(Long.parseLong(init.await('O', 1).text().trim()));
        init.spawn(2, Spawn.shell("echo late"));

        assertThat(init.rest()).filteredOn(frame -> frame.spid() == 2).isEmpty();
        assertThat(init.exitCode()).isZero();
    }

    @Test
    void theServersEndCutsTheTimeShort() throws Exception {
        init.spawn(1, Spawn.shell("sleep 1000 & echo $$").main().graceMillis(FOREVER));
        awaitGone(Long.parseLong(init.await('O', 1).text().trim()));
        init.shutDown();

        assertThat(init.exitCode()).isZero();
    }

    @Test
    void whatThePipesHoldAtTheEndIsForwarded() throws Exception {
        for (int spid = 1; spid <= 100; spid++) {
            Init.Outcome outcome = init.run(spid, Spawn.shell("head -c 60000 /dev/zero; echo end"));
            assertThat(outcome.out()).hasSize(60_004);
        }
    }

    @Test
    void theEndOfTheMainProcessEndsEverything() throws Exception {
        init.spawn(2, Spawn.shell("echo side; sleep 1000"));
        init.awaitOutput(2, "side");
        init.spawn(
                1,
                Spawn.shell("setsid sleep 1000 & echo $!; read line; exit 5")
                        .main()
                        .stdinOpen());
        long child = Long.parseLong(init.await('O', 1).text().trim());
        init.closeStdin(1);
        List<Frame> rest = init.rest();

        assertThat(Exit.of(rest.getLast()).code()).isEqualTo(5);
        assertThat(rest.getLast().spid()).isEqualTo(1);
        assertThat(rest).filteredOn(frame -> frame.type() == 'Q').hasSize(2);
        assertThat(init.exitCode()).isZero();
        awaitGone(child);
    }

    @Test
    void theDeadlineOfTheMainProcessEndsEverything() throws Exception {
        init.spawn(1, Spawn.shell("echo output; setsid sleep 1000").main().timeoutMillis(200));
        init.spawn(2, Spawn.shell("sleep 1000"));
        List<Frame> rest = init.rest();

        assertThat(Exit.of(rest.getLast()).timedOut()).isTrue();
        assertThat(rest).filteredOn(frame -> frame.type() == 'O').hasSize(1);
        assertThat(init.exitCode()).isZero();
    }

    @Test
    void aMainProcessThatFailsToStartEndsNothing() throws Exception {
        assertThat(init.run(1, Spawn.of("/no/such").main()).failure()).isNotEmpty();
        assertThat(init.run(2, Spawn.shell("echo alive")).text()).isEqualTo("alive\n");
    }

    @Test
    void shuttingDownKillsAllAndTellsTheirEnds() throws Exception {
        init.spawn(1, Spawn.shell("sleep 1000").main());
        init.spawn(2, Spawn.shell("setsid sleep 1000 & echo $!; wait"));
        long child = Long.parseLong(init.await('O', 2).text().trim());
        init.shutDown();

        assertThat(init.rest()).filteredOn(frame -> frame.type() == 'Q').hasSize(2);
        assertThat(init.exitCode()).isZero();
        awaitGone(child);
    }

    @Test
    void theEndOfInputKillsAll() throws Exception {
        long child = spawnDaemon();
        init.closeInput();

        assertThat(init.exitCode()).isZero();
        awaitGone(child);
    }

    @Test
    void theEndOfOutputKillsAll() throws Exception {
        long child = spawnDaemon();
        init.closeOutput();

        assertThat(init.exitCode()).isZero();
        awaitGone(child);
    }

    @Test
    void aSignalFromOutsideKillsAll() throws Exception {
        long child = spawnDaemon();
        assertThat(ProcessHandle.of(init.pid()).orElseThrow().destroy()).isTrue();

        assertThat(init.exitCode()).isZero();
        awaitGone(child);
    }

    @Test
    void aServerThatDoesNotReadCannotHoldTheEnd() throws Exception {
        init.spawn(1, Spawn.of("/usr/bin/yes"));
        init.await('O', 1);
        init.closeInput();

        assertThat(init.exitCode()).isZero();
    }

    @Test
    void orphansAreReaped() throws Exception {
        String orphans = "i=0; while [ $i -lt 200 ]; do (setsid true &); i=$((i+1)); done; echo done";
        assertThat(init.run(1, Spawn.shell(orphans)).text()).isEqualTo("done\n");
        String children =
                "while [ $(cat /proc/" + init.pid() + "/task/*/children | wc -w) -gt 1 ]; do sleep 0.01; done";

        assertThat(init.run(2, Spawn.shell(children)).exit().code()).isZero();
    }

    @Test
    void noDescriptorOfAnEndedProcessStaysOpen() throws Exception {
        long before = openDescriptors();
        for (int spid = 1; spid <= 200; spid++) {
            init.run(spid, Spawn.shell("echo $0").stdinOpen());
        }
        assertThat(openDescriptors()).isEqualTo(before);
    }

    private long openDescriptors() throws Exception {
        try (var descriptors = Files.list(Path.of("/proc/" + init.pid() + "/fd"))) {
            return descriptors.count();
        }
    }

    private long spawnDaemon() throws Exception {
        String script = "mkfifo pid; (setsid sh -c 'echo $$ > pid; exec sleep 1000' &); cat pid";
        return Long.parseLong(init.run(1, Spawn.shell(script).cwd(directory.toString()))
                .text()
                .trim());
    }

    /** Waits for the end of a process; the timeout of the test is what tells a survivor. */
    private static void awaitGone(long pid) {
        ProcessHandle.of(pid).ifPresent(handle -> handle.onExit().join());
    }
}
