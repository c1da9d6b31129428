package io.contree.sandbox.oci;

import io.contree.linux.IdRanges;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.cgroup.Cgroups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a runtime finds when it is opened.
 *
 * @param directory has just been mounted
 * @param init our init on the host
 * @param ids ranges of ids; empty to run without user namespaces
 */
record Surroundings(RuntimeDirectory directory, Cgroups cgroups, Path init, Optional<IdRanges> ids) {
    private static final Logger log = LoggerFactory.getLogger(Surroundings.class);
    private static final String OTHERWISE = "crun";

    /**
     * The runtime that the settings want.
     *
     * @throws SandboxException if it cannot be used
     */
    ContainerRuntime runtime(SandboxConfig config) throws IOException, InterruptedException {
        return switch (config.runtime()) {
            case SandboxConfig.NATIVE -> NativeRuntime.open(this, config.ready());
            case SandboxConfig.AUTO -> best(config);
            default -> OciRuntime.open(config.runtime(), this);
        };
    }

    private ContainerRuntime best(SandboxConfig config) throws IOException, InterruptedException {
        if (ids.isEmpty()) {
            return OciRuntime.open(OTHERWISE, this);
        }
        try {
            return NativeRuntime.open(this, config.ready());
        } catch (SandboxException e) {
            log.warn("Runs take longer to start, with {}: {}", OTHERWISE, e.getMessage());
            return OciRuntime.open(OTHERWISE, this);
        }
    }
}
