package io.contree.sandbox;

import java.nio.file.Path;
import java.util.List;

/** gVisor's runsc (gvisor.dev): a kernel of its own in user space between the sandbox and the host's. */
final class Runsc extends OciRuntime {
    Runsc(Path program, String description, RuntimeDirectory directory) {
        super(program, description, directory);
    }

    @Override
    List<String> options() {
        return List.of("--network=none", "--ignore-cgroups", "--platform=ptrace");
    }
}
