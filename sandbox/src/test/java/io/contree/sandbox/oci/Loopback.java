package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What every sandbox has of a network, whichever it has: loopback by IPv4 and IPv6, for users other than root too. */
final class Loopback {
    // Without an address, busybox's nc listens on both kinds. It tries to connect until the other one listens.
    private static final String SCRIPT = """
            for address in 127.0.0.1 ::1; do
                nc -l -p 80 -e echo "port 80 of $address" &
                until nc -w 1 $address 80 2>/dev/null; do sleep 0.05; done
                wait
            done
            pinger 127.0.0.1 ::1
            grep -c '^::1.localhost' /etc/hosts
            cut -c 1-32 /proc/net/if_inet6
            """;

    private Loopback() {}

    /** A directory that a sandbox needs in its root for {@link #check}. */
    static Path program(Machine machine) throws IOException, InterruptedException {
        return Probe.lowerWith("pinger", Files.createTempDirectory(machine.directory(), "pinger"));
    }

    /** A new sandbox has it. */
    static void check(Sandbox sandbox, int uid) throws InterruptedException {
        Recorder main = Run.main(sandbox, Run.as(uid, Run.shell(SCRIPT)));

        assertThat(main.stdout()).as(main.stderr()).isEqualTo("""
                        port 80 of 127.0.0.1
                        port 80 of ::1
                        ping to 127.0.0.1
                        ping to ::1
                        1
                        00000000000000000000000000000001
                        """);
    }
}
