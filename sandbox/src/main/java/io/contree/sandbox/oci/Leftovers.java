package io.contree.sandbox.oci;

import io.contree.sandbox.cgroup.Cgroups;
import java.io.IOException;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a killed server has left: its sandboxes end by themselves, but may not have done so yet, and a runtime that hangs
 * stays.
 */
record Leftovers(RuntimeDirectory directory, Cgroups cgroups) {
    private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

    /** Kills and removes them. Nothing of this server runs when this is called. */
    void remove() throws IOException {
        for (ProcessHandle process :
                ProcessHandle.allProcesses().filter(this::isRuntime).toList()) {
            log.info(
                    "Killing {} of an earlier server: {}",
                    process.pid(),
                    process.info().commandLine().orElse("?"));
            process.destroyForcibly();
        }
        cgroups.removeAll();
        directory.remove();
    }

    // These paths are this server's alone, and one of them is in every command line.
    private boolean isRuntime(ProcessHandle process) {
        String nursery = directory.nurseryHome().toString();
        String states = directory.runtimeStates() + "/";
        return process.info().arguments().stream()
                .flatMap(Arrays::stream)
                .map(argument -> argument.replaceFirst("^--root=", "")) // as runsc calls itself
                .anyMatch(argument -> argument.equals(nursery) || argument.startsWith(states));
    }
}
