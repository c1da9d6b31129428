package io.contree.sandbox.nursery;

import io.contree.sandbox.nursery.Message.Kind;
import java.util.List;
import java.util.Map;

/**
 * What all sandboxes of a nursery have in common.
 *
 * @param filter of system calls, in the kernel's form
 * @param masked paths of {@code /proc} and {@code /sys} that are hidden
 * @param readOnly paths there that cannot be written to
 * @param sysctls of a sandbox's network, by their names
 * @param cgroups options of mounts by their directories below {@code /sys/fs/cgroup}; empty for cgroup v2
 * @param openFiles how many files a process may have open
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
public record NurserySettings(
        byte[] filter,
        List<String> masked,
        List<String> readOnly,
        Map<String, String> sysctls,
        Map<String, String> cgroups,
        OpenFiles openFiles) {
    /** A limit that a process may raise, and how far. */
    public record OpenFiles(long soft, long hard) {}

    byte[] toBytes() {
        Message message = new Message('C', 0);
        message.add(Kind.FILTER, filter);
        message.add(Kind.OPEN_FILES, openFiles.soft(), openFiles.hard());
        cgroups.forEach((directory, options) -> message.add(Kind.HIERARCHY, directory, options));
        sysctls.forEach((name, value) -> message.add(Kind.SETTING, name.replace('.', '/'), value));
        masked.forEach(path -> message.add(Kind.MASKED, path));
        readOnly.forEach(path -> message.add(Kind.READ_ONLY, path));
        return message.toBytes();
    }
}
