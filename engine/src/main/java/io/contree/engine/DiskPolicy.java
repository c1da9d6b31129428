package io.contree.engine;

import java.time.Duration;

/**
 * How much of the disk runs may take.
 *
 * @param maxLayerBytes bytes that a run may write; requests for more are cut to it
 * @param maxLayerFiles files that a run may make or change, directories included
 * @param reserve what stays free
 * @param commitTimeout how long it may take to keep what a run wrote
 */
public record DiskPolicy(long maxLayerBytes, long maxLayerFiles, DiskReserve reserve, Duration commitTimeout) {
    /** 64 GiB in ten million files for a run, the default reserve, and ten minutes. */
    public static final DiskPolicy DEFAULT =
            new DiskPolicy(64L << 30, 10_000_000, DiskReserve.DEFAULT, Duration.ofMinutes(10));

    public DiskPolicy {
        if (maxLayerBytes < 1 || maxLayerFiles < 1 || commitTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("a run needs room and time to be kept: max-layer-bytes " + maxLayerBytes
                    + ", max-layer-files " + maxLayerFiles + ", commit-timeout " + commitTimeout);
        }
    }
}
