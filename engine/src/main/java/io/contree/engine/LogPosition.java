package io.contree.engine;

/**
 * A place between two events of a log.
 *
 * @param bytes that lie before it
 * @param id of the event behind it
 */
record LogPosition(long bytes, long id) {
    static final LogPosition START = new LogPosition(0, 0);
}
