package io.contree.embedded;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Keeps the server and its libraries to warnings, except loggers whose level the program's own configuration sets. */
final class QuietLogs {
    private static final List<String> NAMES = List.of(
            "io.contree",
            "io.helidon",
            "org.flywaydb",
            "com.zaxxer.hikari",
            "org.jdbi",
            // The JDK's own, which come here by way of slf4j-jdk-platform-logging.
            "java",
            "javax",
            "jdk",
            "sun",
            "com.sun");

    private QuietLogs() {}

    static void apply() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            for (String name : NAMES) {
                Logger logger = context.getLogger(name);
                if (logger.getLevel() == null) {
                    logger.setLevel(Level.WARN);
                }
            }
        }
    }
}
