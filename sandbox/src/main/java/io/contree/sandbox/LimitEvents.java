package io.contree.sandbox;

/**
 * How often the limits of a sandbox took effect, as its cgroup tells.
 *
 * @param oomKills processes that the kernel killed because the memory was used up
 * @param memoryPeak bytes used at most, if there were such kills; else 0. Where the kernel keeps no peak it is the limit
 * @param forksRefused new processes and threads that were refused, or 0
 * @param pidsFull true if as many processes ran as may: older kernels with cgroup v2 say no more
 */
public record LimitEvents(long oomKills, long memoryPeak, long forksRefused, boolean pidsFull) {
    public static final LimitEvents NONE = new LimitEvents(0, 0, 0, false);

    /** True if the kernel killed a process for memory. */
    public boolean outOfMemory() {
        return oomKills > 0;
    }
}
