package io.contree.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Init as what it is made to be: PID 1 of a pid namespace. Needs root. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PidNamespaceIT {
    private static final String[] IN_NAMESPACE = {"/usr/bin/unshare", "--pid", "--fork", "--mount-proc"};

    @TempDir
    Path directory;

    Init init;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Ids.OURS.isRoot(), "only root can make a pid namespace");
        init = Init.start(SandboxProgram.INIT.install(directory), IN_NAMESPACE);
    }

    @AfterEach
    void stop() throws Exception {
        if (init != null) {
            init.close();
        }
    }

    @Test
    void isPidOneAndCannotBeKilledFromInside() throws Exception {
        Init.Outcome outcome = init.run(
                1,
                Spawn.shell("readlink /proc/1/exe; for s in TERM INT KILL STOP SEGV; do kill -$s 1; done; echo $PPID"));

        assertThat(outcome.text()).contains("contree-init-").endsWith("\n1\n");
        assertThat(init.run(2, Spawn.shell("echo alive")).text()).isEqualTo("alive\n");
    }

    @Test
    void doubleForkedDaemonsDieWithTheMainProcess() throws Exception {
        String mark = "sleep 31.4159" + ProcessHandle.current().pid();
        init.run(2, Spawn.shell("i=0; while [ $i -lt 50 ]; do (setsid " + mark + " &); i=$((i+1)); done"));
        while (running(mark) < 50) {
            Thread.sleep(5);
        }
        init.spawn(1, Spawn.shell("(setsid " + mark + " &); exit 6").main());
        List<Frame> rest = init.rest();

        assertThat(Exit.of(rest.getLast()).code()).isEqualTo(6);
        assertThat(init.exitCode()).isZero();
        assertThat(running(mark)).isZero();
    }

    @Test
    void everythingDiesWithTheServer() throws Exception {
        String mark = "sleep 27.1828" + ProcessHandle.current().pid();
        init.spawn(1, Spawn.shell("trap '' TERM HUP INT; (setsid " + mark + " &); echo up; while :; do sleep 1; done"));
        init.awaitOutput(1, "up");
        init.closeInput();

        assertThat(init.exitCode()).isZero();
        assertThat(running(mark)).isZero();
    }

    @Test
    void orphansLeaveNoZombie() throws Exception {
        init.run(1, Spawn.shell("i=0; while [ $i -lt 200 ]; do (setsid true &); i=$((i+1)); done"));
        String settled =
                "while [ $(ls -d /proc/[0-9]* | wc -l) -gt 5 ]; do sleep 0.01; done; grep -l '^State:.Z' /proc/[0-9]*/status";

        assertThat(init.run(2, Spawn.shell(settled)).text()).isEmpty();
    }

    @Test
    void initKeepsWorkingWhileProcessesForkUpToTheirLimit() throws Exception {
        // prlimit starts the bomb, so that it cannot run without its limit; the user is one that nobody else is. The
        // inner shell ends only when it cannot fork any more.
        String bomb =
                "[ $(ulimit -p) = 60 ] || exit 9; (while :; do sleep 1000 & done) 2>/dev/null; echo full; exec sleep 1000";
        init.spawn(
                1,
                Spawn.of("/usr/bin/prlimit", "--nproc=60:60", "/bin/sh", "-c", bomb)
                        .as(123_457, 123_457));
        init.awaitOutput(1, "full");

        assertThat(init.run(2, Spawn.shell("echo alive")).text()).isEqualTo("alive\n");
        init.signal(1, 9);
        assertThat(init.outcome(1).exit().signal()).isEqualTo(9);
        init.shutDown();
        assertThat(init.exitCode()).isZero();
    }

    @Test
    void anotherUserGetsNoGroupsAndNoRights() throws Exception {
        Init.Outcome outcome = init.run(
                1,
                Spawn.shell("id -u; id -g; id -G; grep CapEff /proc/self/status")
                        .as(1234, 4321));

        assertThat(outcome.text()).isEqualTo("1234\n4321\n4321\nCapEff:\t0000000000000000\n");
    }

    @Test
    void theWorkingDirectoryIsMadeByRootForAnotherUser() throws Exception {
        Path made = directory.resolve("a/b");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));

        Init.Outcome outcome =
                init.run(1, Spawn.of("/bin/pwd").cwd(made.toString()).as(1234, 1234));

        assertThat(outcome.text()).isEqualTo(made + "\n");
        assertThat(Files.getAttribute(made, "unix:uid")).isEqualTo(0);
    }

    @Test
    void initIsNotDumpableAndItsProcessesAre() throws Exception {
        // The files of a process in /proc belong to its user, but to root when it is not dumpable.
        init.close();
        init = Init.start(
                SandboxProgram.INIT.install(readableByAll()),
                "/usr/bin/setpriv",
                "--reuid=1234",
                "--regid=1234",
                "--clear-groups");
        init.spawn(1, Spawn.of("/bin/sleep", "1000").as(1234, 1234));
        int process = init.await('P', 1).body().getInt();

        assertThat(owner(init.pid())).isZero();
        assertThat(owner(process)).isEqualTo(1234);
        init.signal(1, 9);
        assertThat(init.outcome(1).exit().signal()).isEqualTo(9);
    }

    @Test
    void aSandboxAtItsProcessLimitSaysSo() throws Exception {
        init.close();
        init = Init.start(
                SandboxProgram.INIT.install(readableByAll()),
                "/usr/bin/setpriv",
                "--reuid=123458",
                "--regid=1234",
                "--clear-groups",
                "/usr/bin/prlimit",
                "--nproc=2");
        init.spawn(1, Spawn.of("/bin/sleep", "1000").as(123_458, 1234));
        init.await('P', 1);

        assertThat(init.run(2, Spawn.of("/bin/true").as(123_458, 1234)).failure())
                .startsWith("/bin/true: cannot start: no new process: Resource temporarily unavailable");
    }

    private Path readableByAll() throws Exception {
        return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static int owner(long pid) throws Exception {
        return (int) Files.getAttribute(Path.of("/proc/" + pid + "/status"), "unix:uid");
    }

    /** How many processes on this machine have this command line. */
    private static long running(String command) throws Exception {
        long count = 0;
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            Path file = Path.of("/proc/" + process.pid() + "/cmdline");
            try {
                String line = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                        .replace('\0', ' ')
                        .trim();
                count += line.equals(command) ? 1 : 0;
            } catch (IOException e) {
                // It ended while we looked.
            }
        }
        return count;
    }
}
