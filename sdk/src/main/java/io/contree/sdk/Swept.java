package io.contree.sdk;

/**
 * What a collection removed from the server's disk, or would.
 *
 * @param images states that no project had any more
 * @param layers that no image needed
 * @param files uploads that no project had
 * @param bytes that layers and uploads took up
 * @param inodes that they took up
 */
public record Swept(int images, int layers, int files, long bytes, long inodes) {}
