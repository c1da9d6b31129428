package io.contree.bench.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server that is measured, as a process of its own with its data in a given directory. */
public final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final URI uri;
    private final Path home;

    private ServerProcess(Process process, URI uri, Path home) {
        this.process = process;
        this.uri = uri;
        this.home = home;
    }

    /** Starts it in this JVM's version and class path, with further options, and waits until it is ready. */
    public static ServerProcess start(Path home, List<String> options) throws IOException {
        return start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.contree.cli.Main"),
                home,
                options);
    }

    /** As above, by the command that users have. */
    public static ServerProcess start(List<String> contree, Path home, List<String> options) throws IOException {
        Files.createDirectories(home);
        List<String> command = new ArrayList<>(contree);
        command.addAll(List.of("server", "--listen", "127.0.0.1:0", "--local-import-roots", "/"));
        command.addAll(List.of("--data", home.resolve("data").toString()));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("CONTREE_"));
        builder.environment().put("CONTREE_HOME", home.resolve("profile").toString());
        builder.redirectError(home.resolve("server.log").toFile());
        Process process = builder.start();
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("listening on ")) {
                return new ServerProcess(process, URI.create(line.substring("listening on ".length())), home);
            }
        }
        process.destroyForcibly();
        throw new IOException("the server did not start:\n" + Files.readString(home.resolve("server.log")));
    }

    public URI uri() {
        return uri;
    }

    /** Where its data and the profile of its clients are. */
    public Path home() {
        return home;
    }

    public long pid() {
        return process.pid();
    }

    public String token() throws IOException {
        return Files.readAllLines(home.resolve("profile/auth.ini")).stream()
                .filter(line -> line.strip().startsWith("token"))
                .map(line -> line.substring(line.indexOf('=') + 1).strip())
                .findFirst()
                .orElseThrow(() -> new IOException("the server saved no token"));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
