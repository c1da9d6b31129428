package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.sandbox.ProcessSpec;
import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/** Known ways out of a container, one test each: the attack is made, and the host must be as before. */
@EachRuntime
class EscapeIT {
    @Parameter
    String runtime;

    private static Machine machine;

    private Map<String, String> host;
    private Path bait;

    @BeforeParameterizedClassInvocation
    static void open(String runtime) throws IOException, InterruptedException {
        machine = Machine.start(runtime);
    }

    @AfterParameterizedClassInvocation
    static void close() throws IOException {
        machine.close();
    }

    @BeforeEach
    void lookAtTheHost() throws Exception {
        host = hostState();
        bait = Files.createTempDirectory(machine.directory(), "bait");
        Files.writeString(bait.resolve("secret"), "of the host");
    }

    @AfterEach
    void hostIsAsBefore() throws Exception {
        assertThat(hostState()).isEqualTo(host);
        assertThat(bait).isDirectoryContaining(path -> path.endsWith("secret"));
        try (var files = Files.list(bait)) {
            assertThat(files).hasSize(1);
        }
        assertThat(bait.resolve("secret")).hasContent("of the host");
        assertThat(machine.lastingTraces()).isEmpty();
    }

    // What the attacks below would change if they worked.
    private static Map<String, String> hostState() throws Exception {
        Map<String, String> state = new TreeMap<>();
        for (String file : List.of("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/etc/hosts")) {
            state.put(file, Files.readString(Path.of(file)));
        }
        for (String program : List.of("/usr/bin/crun", "/bin/busybox")) {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(Path.of(program)));
            state.put(program, HexFormat.of().formatHex(hash));
        }
        for (String directory : List.of("/", "/etc", "/dev")) {
            try (var files = Files.list(Path.of(directory))) {
                state.put(directory, files.map(Path::toString).sorted().toList().toString());
            }
        }
        for (String device : List.of("/dev/null", "/dev/tty", "/dev/zero")) {
            Path path = Path.of(device);
            state.put(
                    device,
                    Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS)
                            .toString());
        }
        return state;
    }

    /** Runs a script in a root that has other lower directories on top; what it says, or why it was refused. */
    private static String attack(String script, Path... above) throws Exception {
        Path root = machine.root(above);
        try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
            ProcessSpec spec = Run.limited(Run.shell("{ " + script + "; } 2>&1"), Duration.ofSeconds(20), 1 << 16);
            return Run.main(sandbox, spec).stdout().strip();
        } catch (SandboxException refused) {
            assertThat(refused.kind()).isEqualTo(SandboxException.Kind.START);
            assertThat(refused).hasMessageContaining("tried to start sandbox");
            return "refused: " + refused.getMessage();
        }
    }

    /** A lower directory in which a path is a symbolic link. */
    private static Path lowerWithLink(String path, String target) throws IOException {
        Path lower = Files.createTempDirectory(machine.directory(), "lower");
        Path link = lower.resolve(path);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(target));
        return lower;
    }

    /** CVE-2019-5736: the runtime's program overwritten through /proc/PID/exe. */
    @Test
    void doesNotOpenTheRuntimesProgramForWriting() throws Exception {
        Path lower = Files.createTempDirectory(machine.directory(), "lower");
        Path entry = Files.createDirectories(lower.resolve("bin")).resolve("entry");
        Files.writeString(entry, "#!/proc/self/exe\n");
        Files.setAttribute(entry, "unix:mode", 0755);
        String script = "/bin/entry; for p in /proc/[0-9]*; do echo evil >> $p/exe && echo written $p; done; "
                + "echo evil >> /dev/.contree-init && echo written init; echo done";

        // The shell's own program is the image's busybox, which is busy; nothing else can be opened at all.
        assertThat(attack(script, lower)).doesNotContain("written").contains("done");
    }

    /** CVE-2024-21626: a descriptor of the host leaked, and reached as working directory. */
    @Test
    void hasNoWayThroughLeakedDescriptors() throws Exception {
        for (int number = 3; number < 16; number++) {
            try (Sandbox sandbox = machine.start()) {
                Recorder recorder = new Recorder();
                String cwd = "/proc/self/fd/" + number;
                sandbox.spawn(
                        Run.in(cwd, Run.shell("pwd -P; ls ../../../../../..; cat " + bait + "/secret")), recorder);
                sandbox.awaitEnd(Duration.ofMillis(500));
                sandbox.close();
                assertThat(recorder.stdout()).doesNotContain("of the host", "boot", "usr");
            }
        }
    }

    /** CVE-2025-31133: /dev/null of the image a link, where paths are masked with it. */
    @Test
    void masksPathsWithTheHostsNull() throws Exception {
        Path lower = lowerWithLink("dev/null", "/proc/sys/kernel/core_pattern");
        assertThat(attack("cat /proc/keys /proc/timer_list; echo evil > /dev/null; echo done", lower))
                .isEqualTo("done");
    }

    /** CVE-2025-52565: /dev/console and /dev/pts/0 of the image as links. */
    @Test
    void bindsNoConsoleOverALink() throws Exception {
        Path console = lowerWithLink("dev/console", "/proc/sys/kernel/core_pattern");
        Path terminal = lowerWithLink("dev/pts/0", "/proc/sysrq-trigger");
        assertThat(attack("echo evil > /dev/console; echo evil > /dev/pts/0; echo done", console, terminal))
                .contains("done");
    }

    /** CVE-2025-52881: writes to /proc redirected while others of the same image start. */
    @Test
    void isNotConfusedByProcEntriesThatChangeWhileItStarts() throws Exception {
        Path root = machine.root(lowerWithLink("proc/self", "sys/kernel"));
        try (Sandbox swapper = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
            swapper.spawn(Run.shell("while true; do ln -sfn / /etc/x; mv -f /etc/x /etc/y; done"), new Recorder());
            for (int i = 0; i < 5; i++) {
                try (Sandbox other = machine.sandboxes().start(machine.specBeside(root))) {
                    assertThat(Run.main(other, Run.shell("cat /proc/self/comm")).stdout())
                            .isEqualTo("cat\n");
                }
            }
        }
    }

    /** CVE-2026-41579: /dev of the image a link to a directory with files. */
    @Test
    void makesNoDevicesThroughALinkAtDev() throws Exception {
        Path lower = lowerWithLink("dev", "/etc");
        Path outside = lowerWithLink("dev", bait.toString());
        Path upwards = lowerWithLink("dev", "../../../../../../.." + bait);
        for (Path link : List.of(lower, outside, upwards)) {
            assertThat(attack("cat " + bait + "/secret; echo done", link)).doesNotContain("of the host");
        }
    }

    /** CVE-2021-30465, CVE-2019-16884, CVE-2023-27561: mount points of the image as links. */
    @Test
    void mountsInsideOrNotAtAll() throws Exception {
        for (String point : List.of("proc", "sys", "dev/shm", "dev/mqueue", "dev/pts", "sys/fs/cgroup", "etc")) {
            for (String target : List.of(bait.toString(), "/", "../../../../../../.." + bait)) {
                String said = attack("cat " + bait + "/secret; echo done", lowerWithLink(point, target));
                assertThat(said).as(point + " -> " + target).doesNotContain("of the host");
            }
        }
    }

    /** The files that are bound over those of the image, as links: they are replaced by what is written, and not followed. */
    @Test
    void coversLinksInEtcAndFollowsNone() throws Exception {
        for (EtcFile file : EtcFile.values()) {
            String path = "etc/" + file.fileName();
            for (String target : List.of(bait + "/secret", "../run/systemd/resolve/stub-resolv.conf", "/var", path)) {
                Path root = machine.root(lowerWithLink(path, target));
                try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
                    String script = "cat /" + path + "; test -L /" + path + "; echo evil > /" + path + "; cat /" + path;
                    assertThat(Run.main(sandbox, Run.shell(script)).stdout())
                            .isEqualTo(file.content("box", Machine.NOTHING_RESERVED.resolvConf()) + "evil\n");
                }
                try (var written = Files.walk(Machine.upper(root))) {
                    assertThat(written.map(Machine.upper(root)::relativize).map(Path::toString))
                            .containsExactly("", "etc", path);
                }
                assertThat(root.resolve(path)).isRegularFile();
                assertThat(bait.resolve("secret")).content().doesNotContain("evil");
            }
        }
    }

    /** As above: pipes, sockets and devices, which whoever resolves a name would wait for or read from. */
    @Test
    void coversWhatIsNoFileInEtcAndChangesNothingInTheImage() throws Exception {
        EtcKinds.areCovered(machine);
    }

    /** As above, where /etc is a link to a directory of the image; one that leads out of it leads nowhere. */
    @Test
    void coversFilesInAnEtcThatIsALink() throws Exception {
        for (String target : List.of("usr/etc", "/usr/etc", "../../../usr/etc")) {
            Path lower = lowerWithLink("etc", target);
            Path file = Files.createDirectories(lower.resolve("usr/etc")).resolve("hosts");
            Files.writeString(file, "of the image\n");
            Path root = machine.root(lower);
            try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
                assertThat(Run.main(sandbox, Run.shell("head -1 /etc/hosts; echo evil >> /etc/hosts"))
                                .stdout())
                        .as(target)
                        .isEqualTo("127.0.0.1\tlocalhost\n");
            }
            assertThat(root.resolve("usr/etc/hosts")).content().contains("evil").doesNotContain("of the image");
        }
    }

    /** As above, where /etc is no directory at all. */
    @Test
    void startsWithoutADirectoryAtEtc() throws Exception {
        for (int type : List.of(EtcKinds.REGULAR, EtcKinds.FIFO, EtcKinds.DEVICE)) {
            Path lower = Files.createTempDirectory(machine.directory(), "lower");
            FileCalls.makeNode(Fd.CWD, lower.resolve("etc").toString(), type | 0644, 1, 3);
            assertThat(attack("test -d /etc; echo $?", lower)).isEqualTo("1");
        }
    }

    /** As above, but no link: a directory stays what it is. */
    @Test
    void leavesADirectoryInTheResolversPlace() throws Exception {
        Path lower = Files.createTempDirectory(machine.directory(), "lower");
        Files.createDirectories(lower.resolve("etc/resolv.conf"));
        assertThat(attack("ls -d /etc/resolv.conf/ && cat /etc/hostname", lower))
                .isEqualTo("/etc/resolv.conf/\nbox");
    }

    /** CVE-2023-25809: cgroups writable from inside. */
    @Test
    void cannotChangeItsCgroups() throws Exception {
        String script =
                "for f in $(find /sys/fs/cgroup -type f); do (echo 1 > $f) 2>/dev/null && echo written $f; done; "
                        + "for d in $(find /sys/fs/cgroup -type d); do mkdir $d/x 2>/dev/null && echo made $d; done; echo done";
        assertThat(attack(script)).isEqualTo("done");
    }

    /** CVE-2022-0492: a cgroup v1 hierarchy mounted to set its release_agent. */
    @Test
    void cannotMountCgroups() throws Exception {
        String script = "mkdir /tmp/c; mount -t cgroup -o rdma,memory cgroup /tmp/c && echo mounted; "
                + "unshare -Urm mount -t cgroup -o memory cgroup /tmp/c && echo mounted; echo done";
        assertThat(attack(script)).contains("done").doesNotContain("mounted");
    }

    /** CVE-2020-15257: abstract sockets of the host. */
    @Test
    void seesNoAbstractSocketsOfTheHost() throws Exception {
        assertThat(attack("grep -c @ /proc/net/unix; echo done")).isEqualTo("0\ndone");
    }

    /** CVE-2023-0386, CVE-2021-3493, CVE-2023-2640: an overlay in a user namespace that copies up a privileged file. */
    @Test
    void cannotMountOverlaysInNewNamespaces() throws Exception {
        String script = "mkdir /tmp/l /tmp/u /tmp/w /tmp/m; cp /bin/busybox /tmp/l/b; "
                + "unshare -Urm mount -t overlay -o lowerdir=/tmp/l,upperdir=/tmp/u,workdir=/tmp/w x /tmp/m && echo mounted; "
                + "mount -t overlay -o lowerdir=/tmp/l,upperdir=/tmp/u,workdir=/tmp/w x /tmp/m && echo mounted; echo done";
        assertThat(attack(script)).contains("done").doesNotContain("mounted");
    }

    /** A device node that an image brings along. */
    @Test
    void cannotUseDevicesOfTheImage() throws Exception {
        Path lower = Files.createTempDirectory(machine.directory(), "lower");
        FileCalls.makeNode(Fd.CWD, lower.resolve("disk").toString(), 0x6000 | 0666, 254, 0);
        FileCalls.chmod(Fd.CWD, lower.resolve("disk").toString(), 0666);
        FileCalls.makeNode(Fd.CWD, lower.resolve("mem").toString(), 0x2000 | 0666, 1, 1);
        FileCalls.chmod(Fd.CWD, lower.resolve("mem").toString(), 0666);
        assertThat(attack("head -c 1 /disk && echo read; head -c 1 /mem && echo read; echo done", lower))
                .contains("done")
                .doesNotContain("read\n");
    }
}
