package io.contree.sandbox.egress;

import java.io.IOException;
import java.util.Optional;

/** Rules of other programs that runs must pass too. */
final class OtherFirewalls {
    private OtherFirewalls() {}

    /** What to do if the machine drops what it forwards, as it does where Docker runs; empty if nothing. */
    static Optional<String> warning() {
        if (HostProgram.IPTABLES.find().isEmpty()) {
            return Optional.empty();
        }
        try {
            return warning(HostProgram.IPTABLES.run("", "-S"));
        } catch (IOException e) {
            // Without the kernel's side of iptables there are no such rules.
            return Optional.empty();
        }
    }

    /** Format: {@code iptables -S}. */
    static Optional<String> warning(String rules) {
        if (!rules.contains("-P FORWARD DROP") || rules.contains("ctree")) {
            return Optional.empty();
        }
        String chain = rules.contains("-N DOCKER-USER") ? "DOCKER-USER" : "FORWARD";
        return Optional.of(
                "This machine drops what it forwards (policy of the chain FORWARD), so runs reach nothing yet."
                        + " To let them out: iptables -I " + chain + " -i ctree+ -j ACCEPT; iptables -I " + chain
                        + " -o ctree+ -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
    }
}
