package io.contree.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The server that is measured, as a process of its own with its data in a given directory. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final URI uri;
    private final Path home;

    private ServerProcess(Process process, URI uri, Path home) {
        this.process = process;
        this.uri = uri;
        this.home = home;
    }

    static ServerProcess start(Path home) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.contree.cli.Main",
                "server",
                "--listen",
                "127.0.0.1:0",
                "--local-import-roots",
                "/",
                "--data",
                home.resolve("data").toString());
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

    URI uri() {
        return uri;
    }

    String token() throws IOException {
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
