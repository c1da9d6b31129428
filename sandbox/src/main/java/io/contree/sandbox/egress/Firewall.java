package io.contree.sandbox.egress;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rules of one server, in tables of its own.
 *
 * <p>What a sandbox sends is judged before any other program's rules can change where it goes, and again when it is forwarded,
 * when they have. Nothing may begin a connection to a sandbox, not even another one.
 *
 * @param table the name of the tables
 * @param devices what the names of the sandboxes' devices begin with
 * @param range the sandboxes' addresses
 * @param gateway the machine's address in their eyes
 */
record Firewall(String table, String devices, Cidr range, String gateway, List<Cidr> resolvers, List<Cidr> allowed) {
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

    /** Puts the rules in place, all at once; rules of the same name go. */
    void install() throws IOException {
        HostProgram.NFT.run(rules(), "-f", "-");
    }

    /** Removes the rules of a server; none is no error. */
    static void remove(String table) throws IOException {
        HostProgram.NFT.run(removal("arp", table) + removal("inet", table), "-f", "-");
    }

    // "destroy" is newer than the nft of many machines; what was just added can be deleted.
    private static String removal(String family, String table) {
        return "add table %1$s %2$s\ndelete table %1$s %2$s\n".formatted(family, table);
    }

    String rules() {
        return removal("arp", table)
                + removal("inet", table)
                + """
                table arp TABLE {
                    chain input {
                        type filter hook input priority filter
                        iifname "DEVICES*" arp daddr ip != GATEWAY drop comment "OWNER"
                    }
                }
                table inet TABLE {
                    set sandboxes { type ipv4_addr; flags interval; elements = { RANGE }; }
                    set private { type ipv4_addr; flags interval; auto-merge; elements = { PRIVATE }; }
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
                    chain prerouting {
                        type filter hook prerouting priority raw
                        iifname != "DEVICES*" return
                        fib saddr . iif oif missing drop
                        ip option lsrr exists drop
                        ip option ssrr exists drop
                        jump sent
                    }
                    chain input {
                        type filter hook input priority filter
                        iifname != "DEVICES*" return
                        jump sent
                        drop
                    }
                    chain forward {
                        type filter hook forward priority filter
                        oifname "DEVICES*" ct state { established, related } accept
                        oifname "DEVICES*" drop
                        iifname != "DEVICES*" return
                        tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu
                        jump sent
                    }
                    chain postrouting {
                        type nat hook postrouting priority srcnat
                        ip saddr @sandboxes masquerade fully-random
                    }
                }
                """.replace("SETS", sets())
                        .replace("TABLE", table)
                        .replace("DEVICES", devices)
                        .replace("GATEWAY", gateway)
                        .replace(
                                "OWNER",
                                "of the server with process id "
                                        + ProcessHandle.current().pid())
                        .replace("RANGE", range.toString())
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
