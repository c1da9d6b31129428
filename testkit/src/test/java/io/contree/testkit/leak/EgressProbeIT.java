package io.contree.testkit.leak;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.Program;
import io.contree.testkit.Requirements;
import org.junit.jupiter.api.Test;

class EgressProbeIT {
    /** Makes a table with user data on which nft 1.0.6 crashes: a comment without its NUL. */
    private static final String STRANGE_TABLE = """
            sub message { my ($type, $flags, $family, $resource, $rest) = @_;
                pack("LSSLLCCn", 20 + length $rest, $type, $flags, 1, 0, $family, 0, $resource) . $rest }
            sub attribute { my ($type, $bytes) = @_; pack("SSa*x!4", 4 + length $bytes, $type, $bytes) }
            socket(my $kernel, 16, 3, 12) or die "netlink: $!";
            send($kernel, message(0x10, 1, 0, 10, "")
                . message(0xA00, 0x401, 1, 0, attribute(1, "strange\\0") . attribute(6, pack("CCa4", 0, 4, "abcd")))
                . message(0x11, 1, 0, 10, ""), 0) or die "netlink: $!";
            """;

    @Test
    void findsTablesAndTheirOwnersBesideOneThatNftCannotRead() throws Exception {
        Requirements.root();
        Requirements.program("nft", "nftables");
        Requirements.program("perl", "perl-base");

        String tables = new Program("unshare").run("--net", "sh", "-ec", """
                        nft -f - <<'END'
                        table inet contree-owned {
                            chain sent { drop comment "of the server with process id 4711"; }
                        }
                        table arp contree-plain { chain input { drop; }; }
                        END
                        perl -e "$1"
                        perl -e "$2"
                        """, "sh", STRANGE_TABLE, EgressProbe.TABLES);

        assertThat(tables).isEqualTo("table arp contree-plain\ntable inet contree-owned of 4711\ntable inet strange\n");
    }
}
