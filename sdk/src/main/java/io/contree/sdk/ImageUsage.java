package io.contree.sdk;

/**
 * What an image takes up on the server's disk.
 *
 * @param exclusiveBytes what no other image needs, of any project
 * @param exclusiveInodes the same in inodes
 * @param sharedBytes what others need as well
 * @param sharedInodes the same in inodes
 */
public record ImageUsage(long exclusiveBytes, long exclusiveInodes, long sharedBytes, long sharedInodes) {}
