package io.contree.cli.doctor;

import io.contree.cli.host.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether runs can have a network, which docs/networking.md explains. */
final class NetworkCheck {
    private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");
    private static final Pattern DROPPING = Pattern.compile("type filter hook forward [^}]{0,40}policy drop;");

    Finding network() throws IOException {
        Optional<HostCommand.Said> tables = HostCommand.run("nft", "list", "tables");
        if (tables.isEmpty() || HostCommand.run("ip", "-V").isEmpty()) {
            return Finding.limited(
                    "network",
                    "not all of ip and nft are installed: runs have a loopback interface only",
                    "apt-get install iproute2 nftables");
        }
        if (tables.get().code() != 0) {
            return Finding.limited(
                    "network",
                    "nft cannot work here: " + oneLine(tables.get()) + ": runs have a loopback interface only",
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

    /** Looks at the output of {@code iptables -S} or {@code nft list ruleset}, where a table begins with that word. */
    static boolean dropsForwarded(String rules) {
        return Stream.of(rules.split("(?<=[} ])(?=table )"))
                .anyMatch(table -> (table.contains("-P FORWARD DROP")
                                || DROPPING.matcher(table).find())
                        && !table.contains("ctree"));
    }

    private static String text(String program, String... arguments) throws IOException {
        return HostCommand.run(program, arguments).map(NetworkCheck::oneLine).orElse("");
    }

    private static String oneLine(HostCommand.Said said) {
        return said.text().replace('\n', ' ');
    }
}
