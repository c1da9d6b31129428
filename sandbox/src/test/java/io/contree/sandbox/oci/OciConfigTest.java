package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxSpec;
import io.contree.sandbox.SandboxSpec.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OciConfigTest {
    private static final Limits LIMITS = new Limits(64 << 20, 1.5, 100, 1 << 20);

    @Test
    void turnsLimitsIntoResources() {
        JsonNode resources = OciConfig.resources(LIMITS, true, Optional.empty());
        assertThat(resources.at("/memory/limit").asLong()).isEqualTo(64 << 20);
        assertThat(resources.at("/memory/swap").asLong()).isEqualTo(64 << 20);
        assertThat(resources.at("/cpu/quota").asLong()).isEqualTo(150_000);
        assertThat(resources.at("/cpu/period").asLong()).isEqualTo(100_000);
        assertThat(resources.at("/pids/limit").asLong()).isEqualTo(100);
        assertThat(resources.at("/devices/0/allow").asBoolean()).isFalse();
        assertThat(OciConfig.resources(LIMITS, false, Optional.empty()).has("/memory/swap"))
                .isFalse();
    }

    @Test
    void asksForEveryNamespace() throws IOException {
        JsonNode plain = OciConfig.namespaces(Machine.NOTHING_RESERVED, true);
        assertThat(plain.get("namespaces").findValuesAsString("type"))
                .containsExactlyInAnyOrder("pid", "ipc", "uts", "mount", "network", "cgroup");
        assertThat(plain.get("namespaces").findValues("path")).isEmpty();
        assertThat(plain.has("uidMappings")).isFalse();
        JsonNode constant = OciConfig.constantLinux(List.of(Path.of("/sys/fs/cgroup/memory")));
        assertThat(constant.get("readonlyPaths").toString()).contains("\"/sys/fs/cgroup/memory\"", "\"/proc/1\"");
    }

    @Test
    void givesDockersFourteenCapabilitiesAndInitOneMore() {
        JsonNode process = new OciProcess(20_000).toJson();
        assertThat(OciProcess.CAPABILITIES).hasSize(14).doesNotContain("CAP_SYS_ADMIN");
        assertThat(process.at("/capabilities/bounding").size()).isEqualTo(15);
        assertThat(process.get("capabilities").has("inheritable")).isFalse();
        assertThat(process.get("capabilities").has("ambient")).isFalse();
        assertThat(process.get("noNewPrivileges").asBoolean()).isFalse();
        assertThat(process.at("/args/0").asString()).isEqualTo("/dev/.contree-init");
    }

    @Test
    void asksForNoMoreFilesThanTheServerMayGive() {
        assertThat(new OciProcess(20_000).toJson().at("/rlimits/1/hard").asLong())
                .isEqualTo(20_000);
        assertThat(new OciProcess(20_000).toJson().at("/rlimits/1/soft").asLong())
                .isEqualTo(20_000);
        assertThat(new OciProcess(Long.MAX_VALUE).toJson().at("/rlimits/1/hard").asLong())
                .isEqualTo(1 << 20);
        assertThat(new OciProcess(Long.MAX_VALUE).toJson().at("/rlimits/1/soft").asLong())
                .isEqualTo(1 << 16);
    }

    @Test
    void hasAProfileForBothArchitecturesAndNoOther() {
        JsonNode amd64 = SeccompProfile.forArchitecture("amd64");
        assertThat(amd64.get("architectures").toString()).contains("X86_64", "ARCH_X86\"", "X32");
        assertThat(SeccompProfile.forArchitecture("aarch64")
                        .get("architectures")
                        .toString())
                .contains("AARCH64", "ARCH_ARM\"");
        assertThatThrownBy(() -> SeccompProfile.forArchitecture("sparc"))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("sparc");
    }

    @Test
    void allowsAndDeniesEachCallOnce() {
        Set<String> allowed = new HashSet<>();
        Set<String> denied = new HashSet<>();
        for (JsonNode rule : SeccompProfile.forArchitecture("amd64").get("syscalls")) {
            boolean allows = rule.get("action").asString().equals("SCMP_ACT_ALLOW");
            assertThat(allows || rule.get("errnoRet").asInt() > 0).isTrue();
            // clone, socket, socketpair and personality are refused for some arguments only.
            if (allows || !rule.has("args")) {
                rule.get("names").forEach(name -> (allows ? allowed : denied).add(name.asString()));
            }
        }
        assertThat(allowed).hasSizeGreaterThan(300).doesNotContainAnyElementsOf(denied);
        assertThat(denied)
                .contains("mount", "unshare", "setns", "bpf", "keyctl", "io_uring_setup", "userfaultfd", "clone3")
                .contains("open_by_handle_at", "perf_event_open", "kexec_load", "init_module", "pivot_root");
        assertThat(allowed).contains("clone", "execve", "openat2", "fchmodat2", "ptrace", "chroot", "arch_prctl");
    }

    @Test
    void refusesNamesThatAreNoNames() {
        Path root = Path.of("/");
        for (String id : List.of("", "../x", "A", "a/b", "a b", "-a", "x".repeat(65))) {
            assertThatThrownBy(() -> new SandboxSpec(id, root, "box", LIMITS, Machine.NOTHING_RESERVED))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String name : List.of("", "a b", "a\nb", "-a", "x".repeat(65), "ü")) {
            assertThatThrownBy(() -> new SandboxSpec("a", root, name, LIMITS, Machine.NOTHING_RESERVED))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new SandboxSpec("a-1", root, "linuxkit", LIMITS, Machine.NOTHING_RESERVED).hostname())
                .isEqualTo("linuxkit");
    }
}
