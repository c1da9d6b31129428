package io.contree.store;

/**
 * What a set of images takes up on the disk. Blocks that files share count for each file, as {@code du} counts them.
 *
 * @param exclusive what no other image needs
 * @param shared what others need as well
 */
public record ImagesUse(DiskUse exclusive, DiskUse shared) {}
