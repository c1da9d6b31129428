package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.cli.Launched.Ended;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** What {@code contree doctor} says of a server that was killed and never came back, beside one that lives. */
@ExtendWith(LeakChecker.class)
class LeftoversIT {
    private static final String WHOLE_MACHINE = "pid:[4026531836]";

    @TempDir
    Path directory;

    private Path root;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        Requirements.crun();
        if (!Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().equals(WHOLE_MACHINE)) {
            throw new TestAbortedException("in a pid namespace other servers cannot be seen");
        }
        root = RootFs.busybox(Files.createDirectory(directory.resolve("rootfs")));
    }

    /** A server that has made a run, and the name of all that it makes. */
    private record Server(Launched process, Path home, String name) {}

    private Server start(String which) throws Exception {
        Path home = Files.createDirectory(directory.resolve("home-" + which));
        Launched process = Launched.start(
                home,
                "server",
                "--listen",
                "127.0.0.1:0",
                "--data",
                directory.resolve(which).toString());
        process.awaitLine("listening on http://");
        Ended imported = Launched.run(home, "images", "import", "rootfs:" + root, "--tag", "box:1");
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        assertThat(Launched.run(home, "run", "box:1", "--", "true").exitCode()).isZero();
        return new Server(process, home, nameOf(process.pid()));
    }

    // By what each server says of itself; others may start and stop meanwhile.
    private static String nameOf(long pid) throws IOException {
        for (String name : names()) {
            Path file = Path.of("/run", name, "server");
            if (Files.exists(file) && Files.readString(file).startsWith(pid + " ")) {
                return name;
            }
        }
        throw new AssertionError("no directory in /run of the server with process id " + pid);
    }

    private static Set<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/run"))) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("contree-[0-9a-f]{12}"))
                    .collect(Collectors.toSet());
        }
    }

    private String doctor() throws Exception {
        String said = Launched.run(
                        directory, "doctor", "--data", directory.resolve("none").toString())
                .out();
        return said.lines()
                .filter(line -> line.contains(" leftovers "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void areNamedWithWhatRemovesThemAndALivingServersAreNot() throws Exception {
        Server living = start("living");
        try (Launched lives = living.process()) {
            Server killed = start("killed");
            try (Launched dies = killed.process()) {
                assertThat(doctor()).doesNotContain(living.name(), killed.name());
                dies.signal("KILL");
            }

            String said = doctor();
            assertThat(said).startsWith("limited").contains(killed.name()).doesNotContain(living.name());
            assertThat(said).contains("cgroups", "directories", "mounts in data directories");
            String device = "ctree" + living.name().substring(living.name().length() - 6);
            assertThat(said).doesNotContain(device);

            Process removal = new ProcessBuilder(
                            "sh", "-c", commandsFor(said, killed.name(), directory.resolve("killed")))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(removal.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(removal.waitFor()).as(output).isZero();

            assertThat(doctor()).doesNotContain(killed.name(), living.name());
            assertThat(names()).contains(living.name()).doesNotContain(killed.name());
            assertThat(Launched.run(living.home(), "run", "box:1", "--", "true").exitCode())
                    .isZero();
            assertThat(lives.signal("TERM")).isZero();
        }
    }

    // Other tests of this machine may have killed servers of their own.
    private static String commandsFor(String said, String name, Path data) {
        String devices = "ctree" + name.substring(name.length() - 6);
        return Stream.of(said.substring(said.indexOf(", or: ") + 6).split("; "))
                .filter(command -> command.contains(name)
                        || command.contains(data.toString())
                        || command.contains(devices)
                        || command.contains(" addr ")
                        || command.contains(" route "))
                .collect(Collectors.joining("\n"));
    }
}
