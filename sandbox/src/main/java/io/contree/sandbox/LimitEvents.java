package io.contree.sandbox;

/**
 * How often the limits of a sandbox took effect, as its cgroup tells.
 *
 * @param oomKills processes that the kernel killed because the memory was used up
 * @param memoryPeak the most bytes ever in use if there were such kills, else 0; the limit itself where the kernel keeps no peak
 * @param forksRefused new processes and threads that were refused, or 0
 * @param pidsFull true if the number of processes reached the limit: all that older kernels tell with cgroup v2
 */
public record LimitEvents(long oomKills, long memoryPeak, long forksRefused, boolean pidsFull) {
    public static final LimitEvents NONE = new LimitEvents(0, 0, 0, false);

    /** True if the kernel killed a process because memory had run out. */
    public boolean outOfMemory() {
        return oomKills > 0;
    }
}
