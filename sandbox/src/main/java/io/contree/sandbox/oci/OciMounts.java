package io.contree.sandbox.oci;

import io.contree.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is mounted over the root file system of a sandbox.
 *
 * @param init our init on the host
 */
record OciMounts(Path init) {
    private static final JsonMapper json = JsonMapper.shared();

    private static final List<ObjectNode> CONSTANT = List.of(
            mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
            mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
            mount(
                    "/dev/pts",
                    "devpts",
                    "devpts",
                    "nosuid",
                    "noexec",
                    "newinstance",
                    "ptmxmode=0666",
                    "mode=0620",
                    "gid=5",
                    // All of them together have at most 3,072 (kernel.pty.max less kernel.pty.reserve).
                    "max=128"),
            mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
            mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
            mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro"));

    ArrayNode toJson(SandboxSpec spec, Bundle bundle, List<ObjectNode> others) throws IOException {
        ArrayNode mounts = json.createArrayNode().addAll(CONSTANT);
        mounts.add(mount(
                "/dev/shm",
                "tmpfs",
                "shm",
                "nosuid",
                "noexec",
                "nodev",
                "mode=1777",
                // A tmpfs of size 0 has no limit.
                "size=" + Math.max(4096, spec.limits().shmBytes())));
        mounts.add(mount(OciProcess.INIT, "bind", init.toString(), "bind", "ro", "nosuid", "nodev"));
        for (EtcFile file : EtcFile.values()) {
            if (file.isRegularIn(bundle.root())) {
                String target = "/etc/" + file.fileName();
                mounts.add(mount(target, "bind", bundle.etc(file).toString(), "bind", "nosuid", "nodev", "noexec"));
            }
        }
        return mounts.addAll(others);
    }

    static ObjectNode mount(String target, String type, String source, String... options) {
        ObjectNode mount = json.createObjectNode();
        mount.put("destination", target).put("type", type).put("source", source);
        List.of(options).forEach(mount.putArray("options")::add);
        return mount;
    }
}
