package io.contree.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A process that is started, does something and ends. */
class RunTest extends InitTest {
    @Test
    void tellsOutputAndExitInOrder() throws Exception {
        Init.Outcome outcome = init.run(1, Spawn.shell("echo out; echo err >&2; exit 7"));

        assertThat(outcome.text()).isEqualTo("out\n");
        assertThat(outcome.errorText()).isEqualTo("err\n");
        assertThat(outcome.exit().code()).isEqualTo(7);
        assertThat(outcome.exit().signal()).isEqualTo(-1);
        assertThat(outcome.exit().timedOut()).isFalse();
        assertThat(outcome.exit().coreDumped()).isFalse();
        assertThat(outcome.order()).matches("P[OE]+Q");
    }

    @Test
    void tellsThePidThatTheProcessSees() throws Exception {
        init.spawn(1, Spawn.shell("echo $$"));
        ByteBuffer ids = init.await('P', 1).body();
        int spawned = ids.getInt();
        assertThat(List.of(ids.getInt(), ids.getInt())).containsExactly(Ids.OURS.uid(), Ids.OURS.gid());
        Init.Outcome outcome = init.outcome(1);

        assertThat(outcome.text()).isEqualTo(spawned + "\n");
        assertThat(outcome.exit().pid()).isEqualTo(spawned);
    }

    @Test
    void tellsTheSignalThatEndedAProcess() throws Exception {
        Exit exit = init.run(1, Spawn.shell("kill -USR1 $$")).exit();

        assertThat(exit.code()).isEqualTo(-1);
        assertThat(exit.signal()).isEqualTo(10);
    }

    @Test
    void measuresTimeAndUsage() throws Exception {
        Exit exit = init.run(1, Spawn.shell("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"))
                .exit();

        assertThat(exit.usage()[Exit.USER_MICROS]).isPositive();
        assertThat(exit.usage()[Exit.MAX_RSS_KIB]).isPositive();
        assertThat(exit.durationMicros()).isGreaterThanOrEqualTo(exit.usage()[Exit.USER_MICROS] / 2);
    }

    @Test
    void passesArgumentsAsTheyAre() throws Exception {
        byte[] latin1 = "gr\u00fc\u00df".getBytes(StandardCharsets.ISO_8859_1);
        Spawn spawn = Spawn.of("/usr/bin/printf", "%s|", "", "a b", "'$x'", "gr\u00fc\u00df")
                .argument(latin1);

        String expected = "|a b|'$x'|gr\u00fc\u00df|";
        byte[] out = init.run(1, spawn).out();
        assertThat(new String(out, 0, out.length - 5, StandardCharsets.UTF_8)).isEqualTo(expected);
        assertThat(out).endsWith((byte) 'g', (byte) 'r', (byte) 0xfc, (byte) 0xdf, (byte) '|');
    }

    @Test
    void passesExactlyTheGivenEnvironment() throws Exception {
        Init.Outcome outcome = init.run(
                1,
                Spawn.of("/usr/bin/env")
                        .env("A=1")
                        .env("B=x=y")
                        .env("\u00c4=\u00f6")
                        .env("USER=")
                        .env("HOME=of the request"));

        assertThat(outcome.text()).isEqualTo("A=1\nB=x=y\n\u00c4=\u00f6\nUSER=\nHOME=of the request\n");
    }

    @Test
    void passesManyArguments() throws Exception {
        String[] argv = IntStream.range(0, 20_001)
                .mapToObj(i -> i == 0 ? "/bin/echo" : "argument" + i)
                .toArray(String[]::new);
        String expected =
                IntStream.range(1, 20_001).mapToObj(i -> "argument" + i).collect(Collectors.joining(" "));

        assertThat(init.run(1, Spawn.of(argv)).text()).isEqualTo(expected + "\n");
    }

    @Test
    void passesALongArgument() throws Exception {
        String script = "#" + "x".repeat(100_000) + "\necho $(echo here)";

        assertThat(init.run(1, Spawn.shell(script)).text()).isEqualTo("here\n");
    }

    @Test
    void startsInTheGivenDirectoryAndMakesItWhenMissing() throws Exception {
        Path made = directory.resolve("made/with its/parents");

        Init.Outcome outcome = init.run(1, Spawn.shell("pwd; umask").cwd(made.toString()));

        assertThat(outcome.text()).isEqualTo(made + "\n0022\n");
        assertThat(Files.getPosixFilePermissions(made.getParent())).hasSize(7);
    }

    @Test
    void leavesNoDescriptorOpenButTheStandardStreams() throws Exception {
        assertThat(init.run(1, Spawn.shell("ls /proc/$$/fd; :")).text()).isEqualTo("0\n1\n2\n");
        Init.Outcome kinds = init.run(2, Spawn.shell("for i in 0 1 2; do readlink /proc/$$/fd/$i; done"));
        assertThat(kinds.text()).matches("/dev/null\n(pipe:\\[\\d+]\n){2}");
    }

    @Test
    void givesEachProcessASessionOfItsOwn() throws Exception {
        Init.Outcome outcome = init.run(1, Spawn.shell("cut -d' ' -f1,5,6 /proc/$$/stat; echo"));

        String[] numbers = outcome.text().trim().split(" ");
        assertThat(numbers).hasSize(3);
        assertThat(numbers).containsOnly(numbers[0]);
    }

    @Test
    void resetsSignals() throws Exception {
        Init.Outcome outcome = init.run(1, Spawn.of("/bin/cat", "/proc/self/status"));

        assertThat(outcome.text().lines().filter(line -> line.matches("Sig(Blk|Ign|Cgt):.*")))
                .hasSize(3)
                .allMatch(line -> line.endsWith("\t0000000000000000"));
    }

    @Test
    void startsCleanWhateverItInherits() throws Exception {
        String dirty = "trap '' CHLD PIPE TERM HUP; umask 077; exec 7</dev/null 9</dev/null; exec \"$0\"";
        init.close();
        init = Init.start(program(), "/bin/sh", "-c", dirty);

        Init.Outcome outcome = init.run(1, Spawn.shell("ls /proc/$$/fd; umask; kill -TERM $$; echo not reached"));

        assertThat(outcome.text()).isEqualTo("0\n1\n2\n0022\n");
        assertThat(outcome.exit().signal()).isEqualTo(15);
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + init.pid() + "/fd"))) {
            assertThat(descriptors.map(path -> path.getFileName().toString())).doesNotContain("7", "9");
        }
    }

    @Test
    void inputIsTheNullDeviceWithoutTheFlagAndAPipeWithIt() throws Exception {
        assertThat(init.run(1, Spawn.shell("wc -c")).text().trim()).isEqualTo("0");
        assertThat(init.run(2, Spawn.shell("readlink /proc/$$/fd/0; cat /proc/$$/fdinfo/0"))
                        .text())
                .startsWith("/dev/null\n")
                .containsPattern("flags:\\s+0?[14]00000\n"); // for reading only, and without O_NONBLOCK
        init.spawn(3, Spawn.shell("readlink /proc/$$/fd/0").stdinOpen());
        assertThat(init.outcome(3).text()).startsWith("pipe:");
    }

    @Test
    void runsSeveralProcessesAtOnce() throws Exception {
        for (int spid = 1; spid <= 50; spid++) {
            init.spawn(spid, Spawn.shell("read line; echo $line from " + spid).stdinOpen());
        }
        for (int spid = 50; spid >= 1; spid--) {
            init.stdin(spid, "hello\n".getBytes(StandardCharsets.UTF_8));
        }
        for (int spid = 1; spid <= 50; spid++) {
            assertThat(init.outcome(spid).text()).isEqualTo("hello from " + spid + "\n");
        }
    }

    @Test
    void childrenAreKilledBeforeInitWhenMemoryRunsOut() throws Exception {
        assumeTrue(Ids.OURS.isRoot(), "the files in /proc of a process that is not dumpable yet are root's");
        String own = Files.readString(Path.of("/proc/" + init.pid() + "/oom_score_adj"))
                .trim();

        assertThat(init.run(1, Spawn.shell("cat /proc/$$/oom_score_adj")).text())
                .isEqualTo("1000\n");
        assertThat(Path.of("/proc/" + init.pid() + "/oom_score_adj")).hasContent(own);
    }
}
