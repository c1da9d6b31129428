package io.contree.sandbox.oci;

import io.contree.linux.IdMapping;
import io.contree.linux.PinnedNamespaces;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.SandboxSpec.Limits;
import io.contree.sandbox.cgroup.Cgroup;
import io.contree.sandbox.cgroup.Cgroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the OCI runtime configuration of a sandbox (github.com/opencontainers/runtime-spec). What all have in
 * common is built once and shared between the documents, which are only ever written out.
 */
final class OciConfig {
    private static final JsonMapper json = JsonMapper.shared();
    private static final long CPU_PERIOD_MICROS = 100_000;
    private static final List<String> NAMESPACES = List.of("pid", "ipc", "uts", "mount", "network", "cgroup");

    private final OciMounts mounts;
    private final boolean limitsSwap;
    private final ObjectNode process;
    private final ObjectNode linux;

    OciConfig(OciProcess process, OciMounts mounts, Optional<IdMapping> mapping, Cgroups cgroups) {
        this.mounts = mounts;
        this.limitsSwap = cgroups.limitsSwap();
        this.process = process.toJson();
        this.linux = constantLinux(mapping, cgroups.hierarchies());
    }

    void write(SandboxSpec spec, Bundle bundle, Cgroup cgroup, SandboxNetwork network, OciRuntime runtime)
            throws IOException {
        ObjectNode config = json.createObjectNode();
        config.put("ociVersion", "1.0.2");
        config.set("process", process);
        config.putObject("root").put("path", bundle.root().toString()).put("readonly", false);
        config.put("hostname", spec.hostname());
        config.set("mounts", mounts.toJson(spec, bundle, runtime.mounts(bundle)));
        config.set("annotations", runtime.annotations());
        config.set("linux", linux(spec.limits(), cgroup, network));
        Files.write(bundle.config(), json.writeValueAsBytes(config));
    }

    private ObjectNode linux(Limits limits, Cgroup cgroup, SandboxNetwork network) {
        ObjectNode node = json.createObjectNode();
        node.setAll(linux);
        network.namespaces().ifPresent(joined -> node.set("namespaces", namespaces(joined)));
        node.put("cgroupsPath", cgroup.path());
        node.set("resources", resources(limits, limitsSwap));
        return node;
    }

    static ObjectNode resources(Limits limits, boolean limitsSwap) {
        ObjectNode resources = json.createObjectNode();
        ObjectNode memory = resources.putObject("memory").put("limit", limits.memoryBytes());
        if (limitsSwap) {
            // In OCI this is memory and swap together, so no swap at all.
            memory.put("swap", limits.memoryBytes());
        }
        resources
                .putObject("cpu")
                .put("quota", Math.max(1_000, Math.round(limits.cpus() * CPU_PERIOD_MICROS)))
                .put("period", CPU_PERIOD_MICROS);
        resources.putObject("pids").put("limit", limits.pids());
        // The runtime adds the standard devices to what is allowed.
        resources.putArray("devices").addObject().put("allow", false).put("access", "rwm");
        return resources;
    }

    static ObjectNode constantLinux(Optional<IdMapping> mapping, List<Path> cgroups) {
        ObjectNode linux = json.createObjectNode();
        linux.set("namespaces", namespaces(mapping.isPresent()));
        mapping.ifPresent(ids -> {
            linux.putArray("uidMappings").add(mapping(ids));
            linux.putArray("gidMappings").add(mapping(ids));
        });
        ObjectNode sysctl = linux.putObject("sysctl");
        KernelSettings.of(mapping).forEach(sysctl::put);
        linux.set("seccomp", SeccompProfile.forArchitecture(System.getProperty("os.arch")));
        ProtectedPaths.MASKED.forEach(linux.putArray("maskedPaths")::add);
        ArrayNode readOnly = linux.putArray("readonlyPaths");
        ProtectedPaths.READ_ONLY.forEach(readOnly::add);
        cgroups.forEach(mount -> readOnly.add(mount.toString()));
        return linux;
    }

    private static ArrayNode namespaces(boolean withUser) {
        ArrayNode namespaces = json.createArrayNode();
        NAMESPACES.forEach(type -> namespaces.addObject().put("type", type));
        if (withUser) {
            namespaces.addObject().put("type", "user");
        }
        return namespaces;
    }

    /** As above, but with a network namespace and its owner that exist already. */
    private static ArrayNode namespaces(PinnedNamespaces joined) {
        ArrayNode namespaces = namespaces(joined.user().isPresent());
        for (JsonNode namespace : namespaces) {
            switch (namespace.get("type").asString()) {
                case "network" ->
                    ((ObjectNode) namespace).put("path", joined.network().toString());
                case "user" ->
                    ((ObjectNode) namespace)
                            .put("path", joined.user().orElseThrow().toString());
                default -> {}
            }
        }
        return namespaces;
    }

    private static ObjectNode mapping(IdMapping ids) {
        return json.createObjectNode()
                .put("containerID", 0)
                .put("hostID", ids.hostStart())
                .put("size", ids.size());
    }

    /** Reads this process's hard limit of open files, which no child can exceed. */
    static long openFilesLimit() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.substring("Max open files".length()).strip().split("\\s+")[1])
                .mapToLong(hard -> hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard))
                .findFirst()
                .orElse(1024);
    }
}
