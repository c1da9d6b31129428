package io.contree.linux;

/** How many may work at a time on this machine, by its cores. */
public final class Cores {
    private static final int ALL = Runtime.getRuntime().availableProcessors();

    private Cores() {}

    /** For work that computes for long: half of the cores, so that there is always one for what is short. */
    public static int forLongWork() {
        return Math.max(1, ALL / 2);
    }

    /** For work that also waits for the disk: two for each core, which is then busy meanwhile, and four at least. */
    public static int forDiskWork() {
        return Math.max(4, 2 * ALL);
    }
}
