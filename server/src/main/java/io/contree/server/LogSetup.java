package io.contree.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.contree.server.config.LogFormat;
import org.slf4j.LoggerFactory;

/** The log of a server program: standard error, one line per record, libraries only when something is wrong. */
final class LogSetup {
    /** A line break in a message must not look like a record. */
    private static final String TEXT =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %replace(%msg %kvp){'[\\r\\n]+', ' '}%n%ex";

    private static final String BRIEF =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %replace(%msg){'[\\r\\n]+', ' '}%n%nopex";

    private LogSetup() {}

    static void apply(LogFormat format, Level level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context, format));
        appender.start();
        context.getLogger("ROOT").setLevel(Level.WARN);
        context.getLogger("ROOT").addAppender(appender);
        context.getLogger("io.contree").setLevel(level);
        // What it says about a connection is what a client did: that is worth a line, and not a flood of them.
        Logger web = context.getLogger("io.helidon");
        web.setAdditive(false);
        web.addAppender(brief(context, format));
        // Reports an address in use with a stack trace; whoever starts the server says so in words.
        context.getLogger("io.helidon.webserver.LoomServer").setLevel(Level.OFF);
        // It also throws what it logs, such as a full disk.
        context.getLogger("org.flywaydb").setLevel(Level.OFF);
    }

    private static Appender<ILoggingEvent> brief(LoggerContext context, LogFormat format) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.addFilter(new FewLines());
        if (format == LogFormat.JSON) {
            JsonEncoder encoder = json(context);
            encoder.setWithThrowable(false);
            encoder.start();
            appender.setEncoder(encoder);
        } else {
            appender.setEncoder(text(context, BRIEF));
        }
        appender.start();
        return appender;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
        if (format == LogFormat.TEXT) {
            return text(context, TEXT);
        }
        JsonEncoder encoder = json(context);
        encoder.start();
        return encoder;
    }

    private static JsonEncoder json(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        return encoder;
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        return encoder;
    }
}
