package io.contree.sandbox.oci;

import io.contree.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** crun (github.com/containers/crun). */
final class Crun extends OciRuntime {
    private static final Logger log = LoggerFactory.getLogger(Crun.class);
    private static final int BPF_INSTRUCTION = 8;

    private final Path bound;
    // The seccomp filter in the kernel's form. Compiling it takes crun longer than the rest of a start, so what it
    // compiled for the first container is handed to it for the others. The profile stays in the configuration for a
    // crun that does not know the annotation.
    private volatile @Nullable String filter;

    Crun(String name, Path program, String description, Surroundings surroundings) throws IOException {
        super(name, program, description, surroundings);
        this.bound = surroundings.directory().programs().resolve(name);
    }

    /** Binds the program read-only: crun runs at once from such a mount; otherwise it would make one and start again. */
    @Override
    void prepare() throws IOException {
        Mounts.bind(super.program(), Files.createFile(bound), true);
    }

    @Override
    Path program() {
        return bound;
    }

    @Override
    List<String> options() {
        return List.of("--cgroup-manager=cgroupfs");
    }

    @Override
    List<ObjectNode> mounts(Bundle bundle) {
        if (bundle.cores().isEmpty()) {
            return List.of();
        }
        return List.of(
                cover("/sys/devices/system/cpu/online", bundle.coresOnline()),
                cover("/proc/cpuinfo", bundle.cpuInfo()));
    }

    private static ObjectNode cover(String target, Path file) {
        return OciMounts.mount(target, "bind", file.toString(), "bind", "ro", "nosuid", "nodev", "noexec");
    }

    @Override
    ObjectNode annotations() {
        ObjectNode annotations = super.annotations();
        String compiled = filter;
        if (compiled != null) {
            annotations.put("run.oci.seccomp_bpf_data", compiled);
        }
        return annotations;
    }

    @Override
    public void started(String id) {
        if (filter != null) {
            return;
        }
        Path file = stateDirectory().resolve(id).resolve("seccomp.bpf");
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length > 0 && bytes.length % BPF_INSTRUCTION == 0) {
                filter = Base64.getEncoder().encodeToString(bytes);
            }
        } catch (IOException e) {
            log.debug("This crun does not leave its compiled seccomp filter at {}", file, e);
        }
    }
}
