package io.contree.store;

/**
 * What a collection removed, or would remove.
 *
 * @param images records of states that nothing named any more
 * @param layers that no state needed
 * @param files uploads that no project had
 * @param use what layers and files took up on the disk; a content that other layers share is not counted
 */
public record Collected(int images, int layers, int files, DiskUse use) {}
