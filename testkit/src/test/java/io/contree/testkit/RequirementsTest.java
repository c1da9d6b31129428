package io.contree.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class RequirementsTest {
    @Test
    void aMissingProgramSkipsWithItsPackage() {
        assertThatThrownBy(() -> Requirements.program("no-such-program", "the-package"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("no-such-program")
                .hasMessageContaining("apt-get install the-package");
        Requirements.program("sh", "dash");
    }

    @Test
    void reachabilityIsTried() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
            assertThat(Requirements.connects("127.0.0.1", port)).isTrue();
        }
        assertThat(Requirements.connects("127.0.0.1", port)).isFalse();
    }

    @Test
    void programsTellWhatTheyPrintAndWhyTheyFail() throws Exception {
        assertThat(new Program("sh").run("-c", "echo out; echo err >&2")).isEqualTo("out\n");
        assertThatThrownBy(() -> new Program("sh").run("-c", "echo out; echo err >&2; exit 3"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("exited with 3")
                .hasMessageContaining("out")
                .hasMessageContaining("err");
    }
}
