package io.contree.sandbox.oci;

import io.contree.linux.IdMapping;
import io.contree.sandbox.NetworkPolicy;
import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.Sandboxes;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A server for tests that is to be killed: starts one sandbox on a root and says so. */
final class KilledServer {
    private KilledServer() {}

    /** Arguments: state directory, root, runtime. */
    public static void main(String[] arguments) throws Exception {
        SandboxConfig config = new SandboxConfig(
                arguments[2], List.of(), Path.of(arguments[0]), Optional.of(IdMapping.DEFAULT), Optional.empty(), 0);
        Sandboxes sandboxes = OciSandboxes.open(config);
        Sandbox sandbox = sandboxes.start(new SandboxSpec(
                "orphan", Path.of(arguments[1]), "box", Machine.LIMITS, sandboxes.reserve(new NetworkPolicy.None())));
        Recorder recorder = new Recorder();
        sandbox.spawn(Run.shell("trap '' TERM HUP; sleep 1000 & echo up; while true; do sleep 1000; done"), recorder);
        recorder.awaitOutput("up");
        System.out.println("up");
        Thread.sleep(Long.MAX_VALUE);
    }
}
