package io.contree.api;

/**
 * What a collection removed from the disk, or would ({@code POST /v1/gc}).
 *
 * @param images states that no project had any more
 * @param layers that no image needed
 * @param files uploads that no project had
 * @param bytes that these took up
 * @param inodes that these took up
 */
public record CollectedGarbage(int images, int layers, int files, long bytes, long inodes, boolean dryRun) {}
