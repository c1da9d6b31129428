package io.contree.sandbox.egress;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules of other programs, which packets of runs must pass too. */
final class OtherFirewalls {
    private static final String DROPS =
            "Other rules drop what this machine forwards, so runs reach nothing yet. To let them out: ";

    private OtherFirewalls() {}

    // A base chain, as nft lists it: its name, and on the next line what it hooks into.
    private static final Pattern DROPPING =
            Pattern.compile("chain (\\S+) \\{\\s+type filter hook forward [^\\n]*policy drop;");

    /** What to do if the machine drops what it forwards, as it does where Docker runs; empty if nothing. */
    static Optional<String> warning() {
        return said(HostProgram.IPTABLES, "-S")
                .flatMap(OtherFirewalls::warning)
                .or(() -> said(HostProgram.NFT, "list", "ruleset").flatMap(OtherFirewalls::ofNftables));
    }

    private static Optional<String> said(HostProgram program, String... arguments) {
        try {
            return program.find().isPresent() ? Optional.of(program.run("", arguments)) : Optional.empty();
        } catch (IOException e) {
            // If the kernel does not know a kind of rules, there are none.
            return Optional.empty();
        }
    }

    /** Format: {@code nft list ruleset}, in which each table begins a line. */
    static Optional<String> ofNftables(String ruleset) {
        for (String table : ruleset.split("(?m)^(?=table )")) {
            Matcher chain = DROPPING.matcher(table);
            if (chain.find() && !table.contains("ctree")) {
                String rule = "nft insert rule " + table.split(" ", 4)[1] + " " + table.split(" ", 4)[2] + " "
                        + chain.group(1);
                return Optional.of(DROPS + rule + " iifname 'ctree*' accept; " + rule
                        + " oifname 'ctree*' ct state related,established accept");
            }
        }
        return Optional.empty();
    }

    /** Format: {@code iptables -S}. */
    static Optional<String> warning(String rules) {
        if (!rules.contains("-P FORWARD DROP") || rules.contains("ctree")) {
            return Optional.empty();
        }
        String chain = rules.contains("-N DOCKER-USER") ? "DOCKER-USER" : "FORWARD";
        return Optional.of(DROPS + "iptables -I " + chain + " -i ctree+ -j ACCEPT; iptables -I " + chain
                + " -o ctree+ -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
    }
}
