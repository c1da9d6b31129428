package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Contree;
import io.contree.testkit.ProgramJvm;
import io.contree.testkit.RootFs;
import io.contree.testkit.Trees;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.opentest4j.TestAbortedException;

/**
 * The real server as a process of its own: {@code contree server} on a free port, with data and profile in one directory.
 * It can be killed and started again on the same data.
 */
final class TestServer implements AutoCloseable {
    private static final long START_SECONDS = 60;
    private static final long RECORD_SECONDS = 300;

    private final Path home;
    private final Process process;
    private final URI uri;

    private TestServer(Path home, Process process, URI uri) {
        this.home = home;
        this.process = process;
        this.uri = uri;
    }

    /**
     * Starts a server; everything that it keeps is below {@code home}.
     *
     * @param options further flags of {@code contree server}
     */
    static TestServer start(Path home, String... options) throws IOException, InterruptedException {
        return launch(jvm(), home, options);
    }

    /** Starts a server whose JVM optimises what it does often: for large amounts of data. */
    static TestServer startForMuch(Path home, String... options) throws IOException, InterruptedException {
        List<String> jvm = new ArrayList<>(jvm());
        jvm.add("-XX:TieredStopAtLevel=4");
        return launch(jvm, home, options);
    }

    /** The command line of {@code contree} and of programs like it, up to the main class. */
    static List<String> jvm() throws IOException, InterruptedException {
        return ProgramJvm.command(TestServer::rehearse);
    }

    /** What most tests do, as far as this machine can. */
    private static void rehearse(List<String> jvm) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("rehearsal-");
        try {
            TestServer server = launch(jvm, home);
            try {
                Api api = server.api();
                String box = api.importImage("rootfs:" + RootFs.busybox(home.resolve("root")), "box:1");
                api.read(api.imageAfter(box, "echo 1 > /1"), "/1");
            } catch (AssertionError | TestAbortedException e) {
                // The tests will tell.
            } finally {
                server.process.destroy();
                // It records what it has loaded.
                server.process.waitFor(RECORD_SECONDS, TimeUnit.SECONDS);
                server.process.destroyForcibly();
            }
        } finally {
            Trees.remove(home);
        }
    }

    private static TestServer launch(List<String> jvm, Path home, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(jvm);
        command.addAll(List.of(
                "-Xmx256m",
                "io.contree.cli.Main",
                "server",
                "--listen",
                "127.0.0.1:0",
                "--data",
                home.resolve("data").toString()));
        if (!List.of(options).contains("--local-import-roots")) {
            command.addAll(List.of("--local-import-roots", "/"));
        }
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("CONTREE_") || name.startsWith("NEBIUS_"));
        builder.environment().put("CONTREE_HOME", home.resolve("profile").toString());
        builder.redirectError(
                ProcessBuilder.Redirect.appendTo(home.resolve("server.log").toFile()));
        Process process = builder.start();
        return new TestServer(home, process, awaitListening(home, process));
    }

    private static URI awaitListening(Path home, Process process) throws IOException, InterruptedException {
        AtomicReference<String> listening = new AtomicReference<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try (BufferedReader out = process.inputReader()) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (line.startsWith("listening on ")) {
                        listening.set(line.substring("listening on ".length()).strip());
                        return;
                    }
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        reader.join(TimeUnit.SECONDS.toMillis(START_SECONDS));
        if (listening.get() == null) {
            process.destroyForcibly().waitFor();
            throw new IOException("the server did not start:\n" + Files.readString(home.resolve("server.log")));
        }
        return URI.create(listening.get());
    }

    URI uri() {
        return uri;
    }

    long pid() {
        return process.pid();
    }

    Path data() {
        return home.resolve("data");
    }

    /** The directory that stands for {@code ~/.config/contree}. */
    Path profile() {
        return home.resolve("profile");
    }

    String log() throws IOException {
        return Files.readString(home.resolve("server.log"));
    }

    /** The token that the first start saved. */
    String token() throws IOException {
        return Files.readAllLines(profile().resolve("auth.ini")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("token"))
                .map(line -> line.substring(line.indexOf('=') + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /** The Java client, as the first project. */
    Contree connect() throws IOException {
        return Contree.builder().baseUrl(uri.toString()).token(token()).build();
    }

    Api api() throws IOException {
        return new Api(uri, token());
    }

    /** Peak and current resident memory in KiB, from {@code /proc}. */
    long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** What a program prints that finds this server by its profile; it must end well. */
    String runClient(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("CONTREE_") || name.startsWith("NEBIUS_"));
        builder.environment().put("CONTREE_HOME", profile().toString());
        Process client = builder.start();
        String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(client.waitFor()).as(said).isZero();
        return said;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The exit code of a server that ends by itself. */
    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("the server ends by itself")
                .isTrue();
        return process.exitValue();
    }

    /** SIGKILL, and nothing else: what a power cut does to a process. */
    void killHard() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; the server must end by itself, with exit code 0. */
    @Override
    public void close() {
        process.destroy();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as("the server ends on SIGTERM")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
