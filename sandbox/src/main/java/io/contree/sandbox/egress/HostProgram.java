package io.contree.sandbox.egress;

import io.contree.linux.Uninterruptibly;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program of the machine that sets up networks. */
enum HostProgram {
    IP("ip", "iproute2"),
    NFT("nft", "nftables"),
    NSENTER("nsenter", "util-linux"),
    SH("sh", "dash"),
    /** Used only where it is installed. */
    IPTABLES("iptables", "iptables");

    private static final List<HostProgram> NEEDED = List.of(IP, NFT, NSENTER, SH);

    private static final List<Path> DIRECTORIES =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/sbin"), Path.of("/bin"));
    private static final int PATIENCE_SECONDS = 20;

    private final String program;
    private final String debianPackage;

    HostProgram(String program, String debianPackage) {
        this.program = program;
        this.debianPackage = debianPackage;
    }

    /** @throws IOException if one is missing; the message says how to install it */
    static void requireAll() throws IOException {
        for (HostProgram needed : NEEDED) {
            needed.path();
        }
    }

    /**
     * Runs it to its end and returns what it printed. It takes milliseconds, and half a network is worse than a late answer: an
     * interrupt is kept for later.
     *
     * @param input its standard input
     * @throws IOException if it cannot run, fails, or takes too long; the message has what it printed
     */
    String run(String input, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(path().toString()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        Process process = builder.start();
        try {
            return talk(process, input, command);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String talk(Process process, String input, List<String> command) throws IOException {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended before it had read everything; its exit code and its words say more.
        }
        CompletableFuture<Boolean> late = CompletableFuture.supplyAsync(
                process::isAlive, CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        var _ = late.thenAccept(alive -> process.destroyForcibly());
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = Uninterruptibly.get(() -> process.waitFor());
        late.cancel(false);
        if (code != 0) {
            throw new IOException("tried '" + String.join(" ", command) + "', which ended with code " + code
                    + (output.isBlank() ? "" : ": " + lines(output)));
        }
        return output;
    }

    private static String lines(String output) {
        List<String> lines = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return String.join("; ", lines.subList(0, Math.min(4, lines.size())));
    }

    private Path path() throws IOException {
        return find().orElseThrow(() ->
                new IOException("the program " + program + " is not here; apt-get install " + debianPackage));
    }

    Optional<Path> find() {
        return DIRECTORIES.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
