package io.contree.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import io.contree.api.Json;
import io.contree.server.config.LogFormat;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

class LogSetupTest {
    private final PrintStream standard = System.err;

    @AfterEach
    void restore() throws Exception {
        System.setErr(standard);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        new ContextInitializer(context).autoConfig();
    }

    private static String logged(LogFormat format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, UTF_8));
        LogSetup.apply(format, Level.INFO);
        LoggerFactory.getLogger("io.contree.engine.Operations")
                .atInfo()
                .addKeyValue("status", "SUCCESS")
                .log("run {} ended\nfake line", 7);
        LoggerFactory.getLogger("io.contree.engine.Operations").debug("details");
        LoggerFactory.getLogger("io.helidon.webserver").info("chatter");
        return bytes.toString(UTF_8);
    }

    @Test
    void textIsALinePerRecord() {
        assertThat(logged(LogFormat.TEXT)).matches("\\S+ INFO  Operations: run 7 ended fake line status=\"SUCCESS\"\n");
    }

    @Test
    void jsonIsAnObjectPerLine() {
        String text = logged(LogFormat.JSON);

        assertThat(text.strip().lines()).hasSize(1);
        var fields = Json.fields(text.getBytes(UTF_8));
        assertThat(fields.string("level")).contains("INFO");
        assertThat(fields.string("formattedMessage")).contains("run 7 ended\nfake line");
        assertThat(fields.has("timestamp")).isTrue();
        assertThat(text).contains("\"kvpList\": [{\"status\":\"SUCCESS\"}]");
    }

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void whatTheWebServerSaysIsBriefAndSeldom(LogFormat format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, UTF_8));
        LogSetup.apply(format, Level.INFO);
        for (int i = 0; i < 10 * FewLines.A_MINUTE; i++) {
            LoggerFactory.getLogger("io.helidon.webserver.ConnectionHandler")
                    .warn("what a client did", new IllegalStateException("deep\ndown"));
        }
        String text = bytes.toString(UTF_8);

        // Of two minutes, if one ends meanwhile.
        assertThat(text.lines().count()).isBetween((long) FewLines.A_MINUTE, 2L * FewLines.A_MINUTE);
        assertThat(text.lines()).allMatch(line -> line.contains("what a client did"));
        assertThat(text).doesNotContain("\tat ").doesNotContain("LogSetupTest");
    }
}
