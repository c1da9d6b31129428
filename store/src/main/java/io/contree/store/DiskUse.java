package io.contree.store;

/**
 * What something takes of a disk.
 *
 * @param bytes of its blocks: a hole takes none
 * @param files that it consists of, directories too
 */
public record DiskUse(long bytes, long files) {}
