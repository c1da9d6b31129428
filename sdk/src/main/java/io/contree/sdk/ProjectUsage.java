package io.contree.sdk;

/**
 * What a project takes up on the server's disk.
 *
 * @param images of the project together: what they share among themselves is exclusive, and counts once
 * @param uploads its uploaded files
 * @param logs event logs of its operations that have ended
 * @param all layers of all projects
 */
public record ProjectUsage(Images images, Part uploads, Part logs, All all) {
    /** Images of a project. */
    public record Images(long count, long exclusiveBytes, long exclusiveInodes, long sharedBytes, long sharedInodes) {}

    /** A number of files, and their size in bytes. */
    public record Part(long count, long bytes) {}

    /** What is on the disk, whosever it is. */
    public record All(long bytes, long inodes) {}
}
