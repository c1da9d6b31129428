package io.contree.sandbox.egress;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of one server, in tables of its own.
 *
 * <p>What a sandbox sends is judged before any other program's rules can change where it goes, and again when it is forwarded,
 * when they have. Nothing may begin a connection to a sandbox, not even another one.
 *
 * <p>The machine's tables of neighbours, fragments and connections are shared by everything on it, so what one sandbox can put
 * into them has bounds: nothing, a few, and some thousands. Bounds are counted by the device, which no sandbox can feign.
 *
 * @param table the name of the tables
 * @param devices what the names of the sandboxes' devices begin with
 * @param range the sandboxes' addresses
 * @param gateway the machine's address as they see it
 * @param connections how many one sandbox may have at a time, and begin at once; each second allows a {@value #REFILL}th of them anew
 */
record Firewall(
        String table,
        String devices,
        Cidr range,
        String gateway,
        List<Cidr> resolvers,
        List<Cidr> allowed,
        int connections) {
    private static final int REFILL = 16;

    /**
     * What is not the public Internet: RFC 6890 and the registry of special-purpose addresses, without the ranges for
     * documentation, which lead nowhere.
     */
    static final List<String> PRIVATE = List.of(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "224.0.0.0/4",
            "240.0.0.0/4");

    /**
     * Needs more of the kernel than the rest does. An idle connection is forgotten after ten minutes, not after the usual five days:
     * a sandbox that ends leaves connections behind that nobody closes any more.
     */
    private static final String COUNTED = """
                        ct state new ip protocol tcp ct timeout set "idle"
                        add @open { iif ct count over CONNECTIONS } drop
                """;

    private static final String COUNTERS = """
                    ct timeout idle { protocol tcp; l3proto ip; policy = { established: 600 }; }
                    set open { type iface_index; size 65536; flags dynamic; }
                """;

    private static final Logger log = LoggerFactory.getLogger(Firewall.class);

    /** Puts the rules in place, all at once; they replace those of the same name. */
    void install() throws IOException {
        try {
            HostProgram.NFT.run(rules(true), "-f", "-");
        } catch (IOException e) {
            installWithoutCounting(e);
        }
    }

    private void installWithoutCounting(IOException reason) throws IOException {
        try {
            HostProgram.NFT.run(rules(false), "-f", "-");
        } catch (IOException e) {
            e.addSuppressed(reason);
            throw e;
        }
        log.warn(
                "This kernel cannot count the connections of a run, so that one can use up all that the machine keeps track of;"
                        + " it needs CONFIG_NFT_CONNLIMIT and CONFIG_NF_CONNTRACK_TIMEOUT",
                reason);
    }

    /** Removes the rules of a server, if there are any. */
    static void remove(String table) throws IOException {
        HostProgram.NFT.run(removal("arp", table) + removal("inet", table), "-f", "-");
    }

    // "destroy" is newer than the nft of many machines; what was just added can be deleted.
    private static String removal(String family, String table) {
        return "add table %1$s %2$s\ndelete table %1$s %2$s\n".formatted(family, table);
    }

    /** @param counting whether the connections that a sandbox has at a time are counted */
    String rules(boolean counting) {
        return removal("arp", table)
                + removal("inet", table)
                + """
                table arp TABLE {
                    chain input {
                        type filter hook input priority filter
                        iifname "DEVICES*" drop comment "OWNER"
                    }
                }
                table inet TABLE {
                    set sandboxes { type ipv4_addr; flags interval; elements = { RANGE }; }
                    set private { type ipv4_addr; flags interval; auto-merge; elements = { PRIVATE }; }
                    set fragments { type iface_index; size 65536; flags dynamic, timeout; timeout 1m; }
                    set questions { type iface_index; size 65536; flags dynamic, timeout; timeout 1m; }
                    set begun { type iface_index; size 65536; flags dynamic, timeout; timeout 5m; }
                SETS
                    chain sent {
                        meta nfproto ipv6 drop comment "OWNER"
                        meta l4proto { tcp, udp } th dport 53 ip daddr @resolvers accept
                        ip daddr @hosts accept
                        fib daddr type { local, broadcast, anycast, multicast } drop
                        ip daddr @sandboxes drop
                        ip daddr @allowed accept
                        ip daddr @private drop
                    }
                    chain counted {
                        ct state != { new, established } drop
                        ct state established return
                        ct status & confirmed != 0 return
                        add @begun { iif limit rate over EACH_SECOND/second burst CONNECTIONS packets } drop
                COUNTED
                    }
                    chain unassembled {
                        type filter hook prerouting priority -450
                        iifname != "DEVICES*" return
                        ip frag-off & 0x3fff != 0 add @fragments { iif limit rate over 20/second burst 40 packets } drop
                    }
                    chain prerouting {
                        type filter hook prerouting priority raw
                        iifname != "DEVICES*" return
                        fib saddr . iif oif missing drop
                        ip option lsrr exists drop
                        ip option ssrr exists drop
                        ip daddr GATEWAY add @questions { iif limit rate over 500/second burst 1000 packets } drop
                        jump sent
                    }
                    chain input {
                        type filter hook input priority filter
                        iifname != "DEVICES*" return
                        jump counted
                        jump sent
                        drop
                    }
                    chain forward {
                        type filter hook forward priority filter
                        oifname "DEVICES*" ct state established accept
                        oifname "DEVICES*" ct state related ip protocol icmp accept
                        oifname "DEVICES*" drop
                        iifname != "DEVICES*" return
                        jump counted
                        tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu
                        jump sent
                    }
                    chain postrouting {
                        type nat hook postrouting priority srcnat
                        ip saddr @sandboxes masquerade fully-random
                    }
                }
                """.replace("SETS", sets() + (counting ? COUNTERS : ""))
                        .replace("COUNTED", counting ? COUNTED : "")
                        .replace("TABLE", table)
                        .replace("DEVICES", devices)
                        .replace("GATEWAY", gateway)
                        .replace(
                                "OWNER",
                                "of the server with process id "
                                        + ProcessHandle.current().pid())
                        .replace("RANGE", range.toString())
                        .replace("CONNECTIONS", Integer.toString(connections))
                        .replace("EACH_SECOND", Integer.toString(Math.max(1, connections / REFILL)))
                        .replace("PRIVATE", String.join(", ", PRIVATE));
    }

    private String sets() {
        return set("resolvers", resolvers)
                + set("hosts", allowed.stream().filter(Cidr::isSingle).toList())
                + set("allowed", allowed);
    }

    private static String set(String name, List<Cidr> elements) {
        String listed = elements.stream().map(Cidr::toString).collect(Collectors.joining(", "));
        return "    set " + name + " { type ipv4_addr; flags interval; auto-merge; "
                + (elements.isEmpty() ? "" : "elements = { " + listed + " }; ") + "}\n";
    }
}
