package io.contree.bench.peer;

import io.contree.bench.machine.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A docker daemon of the bench's own: its data, socket and pid file in one directory, no bridge, no rule of a firewall. */
public final class DockerDaemon implements AutoCloseable {
    private static final int SECONDS_TO_START = 60;

    private final Process process;
    private final String address;

    private DockerDaemon(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** Starts it and waits until it answers. */
    public static DockerDaemon start(Path home) throws IOException, InterruptedException {
        Files.createDirectories(home);
        String address = "unix://" + home.resolve("docker.sock");
        Process process = new ProcessBuilder(
                        "dockerd",
                        "--iptables=false",
                        "--ip6tables=false",
                        "--bridge=none",
                        "--host",
                        address,
                        "--data-root",
                        home.resolve("data").toString(),
                        "--exec-root",
                        home.resolve("exec").toString(),
                        "--pidfile",
                        home.resolve("pid").toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                Programs.run(List.of("docker", "--host", address, "version"));
                return new DockerDaemon(process, address);
            } catch (IOException e) {
                Thread.sleep(20);
            }
        }
        String log = Files.readString(home.resolve("log"));
        process.destroy();
        throw new IOException("dockerd did not start: "
                + log.lines().filter(line -> !line.isBlank()).reduce("", (before, line) -> line));
    }

    String address() {
        return address;
    }

    /** Ends it, and waits for that. */
    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
