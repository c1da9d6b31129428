package io.contree.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.contree.server.config.HttpSettings;
import io.contree.testkit.RawHttp;
import io.contree.testkit.SeededRandom;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Whoever can connect can send what no proper client would: that costs at most a short line of the log. */
class MalformedRequestsTest {
    private final Fixture fixture = new Fixture(Fixture.settings(Duration.ofMillis(300), HttpSettings.KEEPALIVE));
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
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
        root.addAppender(appender);
    }

    @AfterEach
    void close() {
        root.detachAppender(appender);
        fixture.close();
    }

    private List<String> malformed(String token) {
        String authorization = token.isEmpty() ? "" : "Authorization: Bearer " + token + "\n";
        String host = "Host: x\n" + authorization;
        return List.of(
                "PRI * HTTP/2.0\n\nSM\n\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                "GET\n\n",
                "GET /v1/images\n" + host + "\n",
                "GET  /v1/images HTTP/1.1\n" + host + "\n",
                "GET /v1/images HTTP/1.0\n" + host + "\n",
                "GET /v1/images HTTP/1.1 x\n" + host + "\n",
                "G\u00e4T /v1/images HTTP/1.1\n" + host + "\n",
                "GET /v1/ima\u0000ges HTTP/1.1\n" + host + "\n",
                "GET /v1/files/%zz HTTP/1.1\n" + host + "\n",
                "GET /v1/files/% HTTP/1.1\n" + host + "\n",
                "GET /v1/images?tag=%e HTTP/1.1\n" + host + "\n",
                "GET /v1/images#x HTTP/1.1\n" + host + "\n",
                "GET http://[::1/v1/images HTTP/1.1\n" + host + "\n",
                "GET //v1/images HTTP/1.1\n" + host + "\n",
                "OPTIONS * HTTP/1.1\n" + host + "\n",
                "CONNECT x:1 HTTP/1.1\n" + host + "\n",
                "GET /v1/images HTTP/1.1\n" + authorization + "\n",
                "GET /v1/images HTTP/1.1\nHost: a\nHost: b\n" + authorization + "\n",
                "GET /v1/images HTTP/1.1\nHost: [x\n" + authorization + "\n",
                "GET /v1/images HTTP/1.1\nHost: x:99999\n" + authorization + "\n",
                "GET /v1/images HTTP/1.1\nHost: \n" + authorization + "\n",
                "GET /v1/images HTTP/1.1\nHost x\n\n",
                "GET /v1/images HTTP/1.1\n: x\n" + host + "\n",
                "GET /v1/images HTTP/1.1\n folded\n" + host + "\n",
                "GET /v1/images HTTP/1.1\nX: a\u0001b\n" + host + "\n",
                "GET /v1/images HTTP/1.1\nX: " + "a".repeat(40_000) + "\n" + host + "\n",
                "GET /v1/images?x=" + "a".repeat(40_000) + " HTTP/1.1\n" + host + "\n",
                "POST /v1/files HTTP/1.1\n" + host + "Content-Length: nine\n\n",
                "POST /v1/files HTTP/1.1\n" + host + "Content-Length: -1\n\n",
                "POST /v1/files HTTP/1.1\n" + host + "Content-Length: 99999999999999999999\n\n",
                "POST /v1/files HTTP/1.1\n" + host + "Content-Length: 3\nContent-Length: 4\n\nabcd",
                "POST /v1/files HTTP/1.1\n" + host + "Content-Length: 3\nTransfer-Encoding: chunked\n\n0\n\n",
                "POST /v1/files HTTP/1.1\n" + host + "Transfer-Encoding: gzip\n\nabc",
                "POST /v1/files HTTP/1.1\n" + host + "Transfer-Encoding: chunked\n\nzz\nabc\n0\n\n",
                "POST /v1/files HTTP/1.1\n" + host + "Transfer-Encoding: chunked\n\n-3\nabc\n0\n\n",
                "POST /v1/files HTTP/1.1\n" + host + "Transfer-Encoding: chunked\n\n3\nabcdef\n0\n\n",
                "POST /v1/files HTTP/1.1\n" + host + "Expect: something\nContent-Length: 3\n\nabc",
                "POST /v1/instances HTTP/1.1\n" + host + "Content-Length: 3\n\n{\"a",
                "POST /v1/instances HTTP/1.1\n" + host + "Content-Length: 2000\n\n" + "[".repeat(2000),
                "GET /v1/images HTTP/1.1\n" + host + "Upgrade: h2c\nConnection: Upgrade, HTTP2-Settings\n\n",
                "GET /v1/operations/x/events?follow=1 HTTP/1.1\n" + host + "Last-Event-Id: x\n\n",
                "GET /v1/ima",
                "POST /v1/files HTTP/1.1\n" + host + "Content-Length: 10\n\nabc");
    }

    private void sendAll(List<String> requests) throws Exception {
        List<RawHttp> open = new ArrayList<>();
        for (String request : requests) {
            RawHttp raw = new RawHttp(fixture.server.uri());
            open.add(raw);
            raw.send(request);
        }
        for (int i = 0; i < open.size(); i++) {
            try (RawHttp raw = open.get(i)) {
                String answer = answer(raw);
                assertThat(answer)
                        .as(requests.get(i))
                        .doesNotContain("Exception")
                        .doesNotContain("\tat ");
                if (!answer.isEmpty()) {
                    // What is not quite right may be taken, and a protocol that is not spoken is 505.
                    assertThat(answer)
                            .as(requests.get(i))
                            .matches("(?s)HTTP/1\\.1 (200|201|101|204|30\\d|4\\d\\d|505).*");
                }
            }
        }
        assertThat(lines)
                .filteredOn(line -> line.getThrowableProxy() != null
                        && !line.getLoggerName().startsWith("io.helidon"))
                .extracting(line -> line.getLoggerName() + line.getKeyValuePairs())
                .isEmpty();
        assertThat(lines).hasSizeLessThanOrEqualTo(requests.size());
        assertThat(fixture.client.get("/whoami").status()).isEqualTo(200);
    }

    /** A reset is not an answer. */
    private static String answer(RawHttp raw) {
        try {
            return raw.readAll();
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void withoutAToken() throws Exception {
        sendAll(malformed(""));
    }

    @Test
    void withAToken() throws Exception {
        sendAll(malformed(fixture.token));
    }

    @Test
    void garbage() throws Exception {
        SeededRandom random = new SeededRandom(17);
        List<String> requests = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            byte[] bytes = random.bytes(random.between(1, 3000));
            requests.add((random.chance(30) ? "GET /v1/" : "") + new String(bytes, StandardCharsets.ISO_8859_1));
        }
        sendAll(requests);
    }
}
