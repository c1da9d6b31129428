package io.contree.sandbox.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FirewallTest {
    private static final Firewall FIREWALL = new Firewall(
            "contree-0123456789ab",
            "ctree6789ab",
            Cidr.parse("10.201.0.0/20"),
            "10.201.0.1",
            List.of(Cidr.parse("9.9.9.9")),
            List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("192.168.1.7")),
            4096);

    @Test
    void namesNothingButItsOwn() {
        assertThat(FIREWALL.rules(true).lines().filter(line -> line.contains("table ")))
                .isNotEmpty()
                .allMatch(line -> line.contains("contree-0123456789ab"));
        assertThat(FIREWALL.rules(true))
                .doesNotContain(
                        "DEVICES",
                        "TABLE",
                        "SETS",
                        "GATEWAY",
                        "OWNER",
                        "PRIVATE",
                        "RANGE",
                        "COUNTED",
                        "CONNECTIONS",
                        "EACH_SECOND");
    }

    @Test
    void onlySingleAddressesOpenTheMachineItself() {
        assertThat(FIREWALL.rules(true))
                .contains("set hosts { type ipv4_addr; flags interval; auto-merge; elements = { 192.168.1.7 }; }")
                .contains("set allowed { type ipv4_addr; flags interval; auto-merge;"
                        + " elements = { 10.0.0.0/8, 192.168.1.7 }; }");
    }

    @Test
    void aKernelThatCannotCountStillHasAllThatCloses() {
        assertThat(FIREWALL.rules(false)).doesNotContain("ct count", "timeout set");
        assertThat(FIREWALL.rules(true).lines())
                .contains("        add @open { iif ct count over 4096 } drop")
                .containsAll(FIREWALL.rules(false).lines().toList());
    }

    @Test
    void aTableOfNftablesThatDropsIsToldWithItsRemedy() {
        String chain = "\tchain fwd {\n\t\ttype filter hook forward priority filter; policy %s;\n\t}\n}\n";
        String ours = "table inet contree-0123456789ab {\n" + chain.formatted("accept");
        assertThat(OtherFirewalls.ofNftables(ours + "table inet fw {\n" + chain.formatted("accept")))
                .isEmpty();
        assertThat(OtherFirewalls.ofNftables(ours + "table inet fw {\n" + chain.formatted("drop"))
                        .orElseThrow())
                .contains("nft insert rule inet fw fwd iifname 'ctree*' accept");
        assertThat(OtherFirewalls.ofNftables(
                        "table inet fw {\n\tiifname \"ctree*\" accept\n" + chain.formatted("drop")))
                .isEmpty();
    }

    @Test
    void aForwardChainThatDropsIsToldWithItsRemedy() {
        assertThat(OtherFirewalls.warning("-P INPUT DROP\n-P FORWARD ACCEPT\n")).isEmpty();
        assertThat(OtherFirewalls.warning("-P FORWARD DROP\n").orElseThrow()).contains("iptables -I FORWARD -i ctree+");
        String docker = "-P FORWARD DROP\n-N DOCKER-USER\n-A FORWARD -j DOCKER-USER\n";
        assertThat(OtherFirewalls.warning(docker).orElseThrow()).contains("iptables -I DOCKER-USER -i ctree+");
        assertThat(OtherFirewalls.warning(docker + "-A DOCKER-USER -i ctree+ -j ACCEPT\n"))
                .isEmpty();
    }
}
