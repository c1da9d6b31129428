package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KernelSettingsTest {
    /** A kernel can be without IPv6, and then nothing inside speaks of it. */
    static void assumeIpv6() {
        assumeTrue(KernelSettings.hasIpv6(), "this kernel has no IPv6");
    }

    @Test
    void areThoseThatCanBeWrittenHere() {
        assertThat(KernelSettings.ofNetwork())
                .allSatisfy((name, value) ->
                        assertThat(Path.of("/proc/sys", name.split("\\."))).isRegularFile());
        if (!Files.isWritable(Path.of("/proc/sys/net/ipv4/ping_group_range"))) {
            assertThat(KernelSettings.ofNetwork()).doesNotContainKey("net.ipv4.ping_group_range");
        } else {
            assertThat(KernelSettings.ofNetwork())
                    .containsEntry("net.ipv4.ping_group_range", "0 2147483647")
                    .containsEntry("net.ipv4.ip_unprivileged_port_start", "0");
        }
    }
}
