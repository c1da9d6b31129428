package io.contree.server;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/** Lets through {@value #A_MINUTE} lines a minute: anyone who can connect can cause them. */
final class FewLines extends Filter<ILoggingEvent> {
    static final int A_MINUTE = 20;
    private static final long MINUTE_MILLIS = 60_000;

    private long minute = Long.MIN_VALUE;
    private int lines;

    @Override
    public synchronized FilterReply decide(ILoggingEvent event) {
        long now = event.getTimeStamp() / MINUTE_MILLIS;
        if (now != minute) {
            minute = now;
            lines = 0;
        }
        return ++lines <= A_MINUTE ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
}
