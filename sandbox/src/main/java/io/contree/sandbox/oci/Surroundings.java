package io.contree.sandbox.oci;

import io.contree.linux.IdRanges;
import io.contree.sandbox.SandboxConfig;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.cgroup.Cgroups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
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
     * The runtimes that the settings want, by name, the usual one first.
     *
     * @throws SandboxException if one of them cannot be used; none is open then
     */
    Map<String, ContainerRuntime> runtimes(SandboxConfig config) throws IOException, InterruptedException {
        Map<String, ContainerRuntime> opened = new LinkedHashMap<>();
        Map<String, String> wanted = new HashMap<>();
        try {
            ContainerRuntime usual = usual(config);
            opened.put(usual.name(), usual);
            wanted.put(usual.name(), config.runtime().equals(SandboxConfig.AUTO) ? usual.name() : config.runtime());
            for (String further : config.further()) {
                String name = SandboxConfig.runtimeName(further);
                String other = wanted.putIfAbsent(name, further);
                if (other == null) {
                    opened.put(name, open(further, config));
                } else if (!other.equals(further)) {
                    throw new SandboxException(
                            SandboxException.Kind.START,
                            "the runtimes " + other + " and " + further + " have the same name, " + name
                                    + ", by which runs ask for them; give one of the programs another name");
                }
            }
            return Collections.unmodifiableMap(opened);
        } catch (IOException | RuntimeException | InterruptedException e) {
            opened.values().forEach(ContainerRuntime::close);
            throw e;
        }
    }

    private ContainerRuntime usual(SandboxConfig config) throws IOException, InterruptedException {
        return config.runtime().equals(SandboxConfig.AUTO) ? best(config) : open(config.runtime(), config);
    }

    private ContainerRuntime open(String runtime, SandboxConfig config) throws IOException, InterruptedException {
        return runtime.equals(SandboxConfig.NATIVE)
                ? NativeRuntime.open(this, config.ready())
                : OciRuntime.open(runtime, this);
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
