package io.contree.sandbox.oci;

import java.util.List;

/**
 * Kernel files that reveal or change the host, hidden or made read-only inside: Docker's defaults, the cgroup tree and what
 * would change init.
 */
final class ProtectedPaths {
    static final List<String> MASKED = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/sys/devices/virtual/powercap",
            "/sys/firmware");

    static final List<String> READ_ONLY = List.of(
            "/proc/1", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger", "/sys/fs/cgroup");

    private ProtectedPaths() {}
}
