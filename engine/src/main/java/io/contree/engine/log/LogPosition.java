package io.contree.engine.log;

/**
 * A place between two events of a log.
 *
 * @param bytes that lie before it
 * @param id of the event behind it
 */
public record LogPosition(long bytes, long id) {
    public static final LogPosition START = new LogPosition(0, 0);
}
