package io.contree.api;

/**
 * What a project takes up on the server's disk ({@code GET /v1/usage}), as {@code du} counts it.
 *
 * @param images of the project together: what they share among themselves is exclusive, and counts once
 * @param uploads bytes of its uploaded files, of which some may be another project's too
 * @param logs event logs of its operations that have ended
 * @param all layers of all projects
 */
public record ProjectUse(Images images, Part uploads, Part logs, All all) {
    /** Images of a project. */
    public record Images(long count, long exclusiveBytes, long exclusiveInodes, long sharedBytes, long sharedInodes) {}

    /** A number of files and their size. */
    public record Part(long count, long bytes) {}

    /** What is on the disk, whosever it is. */
    public record All(long bytes, long inodes) {}
}
