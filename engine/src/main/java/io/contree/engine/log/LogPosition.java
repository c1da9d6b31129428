package io.contree.engine.log;

/**
 * A position between two events of a log.
 *
 * @param bytes of the file before it
 * @param id of the event after it
 */
public record LogPosition(long bytes, long id) {
    public static final LogPosition START = new LogPosition(0, 0);
}
