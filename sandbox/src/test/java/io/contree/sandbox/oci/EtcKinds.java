package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Images that have something else than a file where files of the sandbox's own are bound. */
final class EtcKinds {
    static final int REGULAR = 0x8000;
    static final int FIFO = 0x1000;
    static final int DEVICE = 0x2000;
    private static final int BLOCK_DEVICE = 0x6000;
    private static final int SOCKET = 0xc000;

    private EtcKinds() {}

    /** A run sees its own files there and may write to them; in the image everything is as it was. */
    static void areCovered(Machine machine) throws Exception {
        for (int type : List.of(FIFO, DEVICE, BLOCK_DEVICE, SOCKET)) {
            Path lower = Files.createTempDirectory(machine.directory(), "lower");
            Files.createDirectory(lower.resolve("etc"));
            for (EtcFile file : EtcFile.values()) {
                Path path = lower.resolve("etc").resolve(file.fileName());
                // Device 1:5 is /dev/zero, which never ends.
                FileCalls.makeNode(Fd.CWD, path.toString(), type | 0666, 1, 5);
            }
            Path root = machine.root(lower);
            try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
                String script = "";
                String expected = "";
                for (EtcFile file : EtcFile.values()) {
                    script += "cat PATH; echo mine > PATH; cat PATH; ".replace("PATH", "/etc/" + file.fileName());
                    expected += file.content("box", Machine.NOTHING_RESERVED.resolvConf()) + "mine\n";
                }
                assertThat(Run.main(sandbox, Run.shell(script)).stdout())
                        .as("%#x", type)
                        .isEqualTo(expected);
            }
            // runsc makes mount points elsewhere.
            assertThat(Machine.upper(root).resolve("etc")).doesNotExist();
            for (EtcFile file : EtcFile.values()) {
                int mode = (int) Files.getAttribute(root.resolve("etc").resolve(file.fileName()), "unix:mode");
                assertThat(mode & 0xf000).isEqualTo(type);
            }
        }
    }
}
