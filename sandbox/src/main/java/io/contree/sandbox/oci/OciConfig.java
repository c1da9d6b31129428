package io.contree.sandbox.oci;

import io.contree.linux.IdMapping;
import io.contree.linux.UserNamespace;
import io.contree.sandbox.Reservation;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.SandboxSpec.Limits;
import io.contree.sandbox.cgroup.Cgroup;
import io.contree.sandbox.cgroup.Cgroups;
import io.contree.sandbox.cgroup.CpuSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the OCI runtime configuration of a sandbox (github.com/opencontainers/runtime-spec). What all have in
 * common is built once and shared between the documents, which are only ever written out.
 */
final class OciConfig {
    private static final JsonMapper json = JsonMapper.shared();
    private static final List<String> NAMESPACES = List.of("pid", "ipc", "uts", "mount", "cgroup");

    private final OciMounts mounts;
    private final boolean limitsSwap;
    private final ObjectNode process;
    private final ObjectNode linux;

    OciConfig(OciProcess process, OciMounts mounts, Cgroups cgroups) {
        this.mounts = mounts;
        this.limitsSwap = cgroups.limitsSwap();
        this.process = process.toJson();
        this.linux = constantLinux(cgroups.hierarchies());
    }

    void write(SandboxSpec spec, Bundle bundle, Cgroup cgroup, OciRuntime runtime) throws IOException {
        ObjectNode config = json.createObjectNode();
        config.put("ociVersion", "1.0.2");
        config.set("process", process);
        config.putObject("root").put("path", bundle.root().toString()).put("readonly", false);
        config.put("hostname", spec.hostname());
        config.set("mounts", mounts.toJson(spec, bundle, runtime.mounts(bundle)));
        config.set("annotations", runtime.annotations());
        ObjectNode own = namespaces(spec.reservation(), runtime.joinsNamespaces());
        own.put("cgroupsPath", cgroup.path());
        own.set("resources", resources(spec.limits(), limitsSwap, bundle.cores()));
        config.set("linux", own.setAll(linux));
        Files.write(bundle.config(), json.writeValueAsBytes(config));
    }

    static ObjectNode resources(Limits limits, boolean limitsSwap, Optional<CpuSet> cores) {
        ObjectNode resources = json.createObjectNode();
        ObjectNode memory = resources.putObject("memory").put("limit", limits.memoryBytes());
        if (limitsSwap) {
            // In OCI this is memory and swap together, so no swap at all.
            memory.put("swap", limits.memoryBytes());
        }
        ObjectNode cpu = resources
                .putObject("cpu")
                .put("quota", Cgroups.quotaMicros(limits.cpus()))
                .put("period", Cgroups.CPU_PERIOD_MICROS);
        cores.ifPresent(chosen -> cpu.put("cpus", chosen.text()));
        resources.putObject("pids").put("limit", limits.pids());
        // The runtime adds the standard devices to what is allowed.
        resources.putArray("devices").addObject().put("allow", false).put("access", "rwm");
        return resources;
    }

    static ObjectNode constantLinux(List<Path> cgroups) {
        ObjectNode linux = json.createObjectNode();
        ObjectNode sysctl = linux.putObject("sysctl");
        KernelSettings.ofNetwork().forEach(sysctl::put);
        linux.set("seccomp", SeccompProfile.forArchitecture(System.getProperty("os.arch")));
        ProtectedPaths.MASKED.forEach(linux.putArray("maskedPaths")::add);
        ArrayNode readOnly = linux.putArray("readonlyPaths");
        ProtectedPaths.READ_ONLY.forEach(readOnly::add);
        cgroups.forEach(mount -> readOnly.add(mount.toString()));
        return linux;
    }

    /**
     * The namespaces of a sandbox, and its ids.
     *
     * @param joins whether the runtime takes namespaces that exist already
     */
    static ObjectNode namespaces(Reservation reservation, boolean joins) throws IOException {
        ObjectNode linux = json.createObjectNode();
        ArrayNode namespaces = linux.putArray("namespaces");
        NAMESPACES.forEach(type -> namespaces.addObject().put("type", type));
        ObjectNode network = namespaces.addObject().put("type", "network");
        reservation
                .slot()
                .ifPresent(slot -> network.put("path", slot.namespace().toString()));
        if (reservation.users().isPresent()) {
            UserNamespace users = reservation.users().get();
            ObjectNode user = namespaces.addObject().put("type", "user");
            if (joins) {
                user.put("path", users.path().toString());
            }
            linux.set("uidMappings", mappings(users.mapping()));
            linux.set("gidMappings", mappings(users.mapping()));
        }
        return linux;
    }

    private static ArrayNode mappings(IdMapping ids) {
        ArrayNode mappings = json.createArrayNode();
        for (IdMapping.Extent extent : ids.extents()) {
            mappings.addObject()
                    .put("containerID", extent.inside())
                    .put("hostID", extent.outside())
                    .put("size", extent.size());
        }
        return mappings;
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
