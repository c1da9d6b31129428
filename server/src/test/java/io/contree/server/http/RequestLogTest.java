package io.contree.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.store.StoreException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What an operator finds in the log: a stack trace where nobody foresaw the failure, and only there. */
class RequestLogTest {
    private final Fixture fixture = new Fixture();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.contree.server.request");
    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            lines.add(line);
        }
    };

    @BeforeEach
    void listen() {
        appender.start();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(appender);
    }

    @AfterEach
    void close() {
        logger.detachAppender(appender);
        logger.setLevel(null);
        fixture.close();
    }

    private ILoggingEvent after(RuntimeException failure) {
        fixture.engine.operations.refusal = failure;
        fixture.client.post("/instances", "{'command':'true','image':'" + Fixture.IMAGE + "'}");
        await().until(() -> !lines.isEmpty());
        return lines.getFirst();
    }

    @Test
    void aFullDiskIsAWarningInOneLine() {
        ILoggingEvent line = after(new StoreException(StoreException.Kind.DISK_FULL, "the disk is full"));
        assertThat(line.getLevel()).isEqualTo(Level.WARN);
        assertThat(line.getThrowableProxy()).isNull();
        assertThat(line.getKeyValuePairs().toString()).contains("status=\"503\"", "the disk is full");
    }

    @Test
    void aRefusalIsOfTheClient() {
        assertThat(after(new ContreeException(ErrorCode.CONFLICT, "no")).getLevel())
                .isEqualTo(Level.INFO);
    }

    @Test
    void aDefectIsAnErrorWithItsPlace() {
        ILoggingEvent line = after(new IllegalStateException("a bug"));
        assertThat(line.getLevel()).isEqualTo(Level.ERROR);
        assertThat(line.getThrowableProxy().getMessage()).isEqualTo("a bug");
    }

    @Test
    void aClientThatLeavesInTheMiddleOfALongListIsNoError() throws Exception {
        fixture.engine.images.tree.directory("/many");
        for (int i = 0; i < 100_000; i++) { // 20 MB of JSON: more than the connection holds by itself
            fixture.engine.images.tree.file("/many/" + i, new byte[0]);
        }
        try (InputStream in = fixture.client.stream("/inspect/" + Fixture.IMAGE + "/list?path=/many")
                .body()) {
            assertThat(in.read()).isNotNegative();
        }
        await().until(() -> !lines.isEmpty());
        assertThat(lines.getFirst().getLevel()).isEqualTo(Level.DEBUG);
    }

    @Test
    void anEventStreamThatEndsWithTheServerIsNoError() throws Exception {
        FakeOperation operation = fixture.spawn();
        operation.output("x");
        try (InputStream in = fixture.client.stream("/operations/" + operation.id + "/events?follow=1")
                .body()) {
            assertThat(in.read()).isNotNegative();
            fixture.server.close();
            await().until(() -> fixture.engine.operations.readers.get() == 0);
        }
        assertThat(lines).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.INFO));
    }
}
