package io.contree.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class QuietLogsTest {
    private final Logger contree = (Logger) LoggerFactory.getLogger("io.contree");
    private final Logger helidon = (Logger) LoggerFactory.getLogger("io.helidon");

    @AfterEach
    void reset() {
        contree.setLevel(null);
        helidon.setLevel(null);
    }

    @Test
    void whatTheProgramSaysGoesFirst() {
        contree.setLevel(Level.DEBUG);

        QuietLogs.apply();

        assertThat(contree.getLevel()).isEqualTo(Level.DEBUG);
        assertThat(helidon.getLevel()).isEqualTo(Level.WARN);
        assertThat(LoggerFactory.getLogger("io.helidon.webserver").isInfoEnabled())
                .isFalse();
    }
}
