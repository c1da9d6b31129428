package io.contree.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether runs can have a network, which docs/networking.md explains. */
final class NetworkCheck {
    private static final List<Path> DIRECTORIES =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/sbin"), Path.of("/bin"));
    private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");
    private static final int PATIENCE_SECONDS = 10;

    private static final Pattern DROPPING = Pattern.compile("type filter hook forward [^}]{0,40}policy drop;");

    private record Said(int code, String text) {}

    Finding network() throws IOException {
        Optional<Said> tables = run("nft", "list", "tables");
        if (tables.isEmpty() || run("ip", "-V").isEmpty()) {
            return Finding.limited(
                    "network",
                    "not all of ip and nft are installed: runs have a loopback interface only",
                    "apt-get install iproute2 nftables");
        }
        if (tables.get().code() != 0) {
            return Finding.limited(
                    "network",
                    "nft cannot work here: " + tables.get().text() + ": runs have a loopback interface only",
                    "run contree as root, on a kernel with nf_tables");
        }
        String forwarding = Files.readString(FORWARDING).strip().equals("1") ? "is on" : "is off, a server turns it on";
        return dropsForwarded(text("iptables", "-S")) || dropsForwarded(text("nft", "list", "ruleset"))
                ? Finding.limited(
                        "network",
                        "other rules drop what this machine forwards: runs reach nothing",
                        "let the devices ctree+ pass, see \"Other firewalls\" in docs/networking.md")
                : Finding.ok("network", "runs reach the public Internet by nftables; IPv4 forwarding " + forwarding);
    }

    /** What {@code iptables -S} or {@code nft list ruleset} says, in which a table begins with that word. */
    static boolean dropsForwarded(String rules) {
        return Stream.of(rules.split("(?<=[} ])(?=table )"))
                .anyMatch(table -> (table.contains("-P FORWARD DROP")
                                || DROPPING.matcher(table).find())
                        && !table.contains("ctree"));
    }

    private static String text(String program, String... arguments) throws IOException {
        return run(program, arguments).map(Said::text).orElse("");
    }

    /** What a program says and its exit code; empty if it is not there. */
    private static Optional<Said> run(String program, String... arguments) throws IOException {
        Optional<Path> path = DIRECTORIES.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
        if (path.isEmpty()) {
            return Optional.empty();
        }
        List<String> command = new java.util.ArrayList<>(List.of(path.get().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(String.join(" ", command) + " does not end");
            }
            return Optional.of(new Said(process.exitValue(), text.strip().replace('\n', ' ')));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
