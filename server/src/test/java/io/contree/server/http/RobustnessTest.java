package io.contree.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.server.config.HttpAccess;
import io.contree.server.config.HttpSettings;
import io.contree.testkit.OpenApi;
import io.contree.testkit.RawHttp;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RobustnessTest {
    private final Fixture fixture = new Fixture(Fixture.settings(Duration.ofMillis(700), HttpSettings.KEEPALIVE));

    @AfterEach
    void close() {
        fixture.close();
    }

    private void assertError(String answer, int... statuses) {
        int status = Integer.parseInt(answer.substring(9, 12));
        assertThat(statuses).contains(status);
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        OpenApi.get()
                .check("GET", "/none", status, Optional.of("application/json"), body.getBytes(StandardCharsets.UTF_8));
        assertThat(body).doesNotContain("Exception").doesNotContain("\\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NONSENSE\n\n",
                "GET /v1/images HTTP/9.9\nHost: x\n\n",
                "GET /v1/images HTTP/1.1\nHost x\n\n",
                "GET /v1/images HTTP/1.1\nHost: x\nBad Header: y\n\n",
                "GET /v1/images HTTP/1.1\nHost: x\nContent-Length: nine\n\n"
            })
    void malformedRequestsAreJsonErrors(String request) throws Exception {
        try (RawHttp raw = new RawHttp(fixture.server.uri())) {
            assertError(raw.send(request).readAll(), 400, 401, 505);
        }
    }

    @Test
    void endlessHeadersAndLinesAreCut() throws Exception {
        try (RawHttp raw = new RawHttp(fixture.server.uri())) {
            raw.send("GET /v1/images HTTP/1.1\nHost: x\n" + "X-A: " + "a".repeat(40_000) + "\n\n");
            assertError(raw.readAll(), 400, 413, 431);
        }
        try (RawHttp raw = new RawHttp(fixture.server.uri())) {
            raw.send("GET /v1/images?x=" + "a".repeat(40_000) + " HTTP/1.1\nHost: x\n\n");
            assertError(raw.readAll(), 400, 414);
        }
    }

    @Test
    void charactersThatShouldBeEscapedAreTaken() throws Exception {
        assertThat(RawHttp.ask(
                        fixture.server.uri(),
                        "GET /v1/inspect/" + Fixture.IMAGE + "/list?path=/e[t]c|{\"x\"}",
                        "Authorization: Bearer " + fixture.token))
                .startsWith("HTTP/1.1 404");
        assertError(
                RawHttp.ask(fixture.server.uri(), "GET /v1/files/%zz", "Authorization: Bearer " + fixture.token), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /v1/ima", "GET /v1/images HTTP/1.1\nHost: x\nX-Slow: "})
    void whoSaysNothingMoreIsCutOff(String start) throws Exception {
        long begin = System.nanoTime();
        try (RawHttp raw = new RawHttp(fixture.server.uri())) {
            raw.send(start).readAll();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(500), Duration.ofSeconds(8));
    }

    @Test
    void aBodyThatNeverComesIsCutOff() throws Exception {
        try (RawHttp raw = new RawHttp(fixture.server.uri())) {
            raw.send("POST /v1/files HTTP/1.1\nHost: x\nAuthorization: Bearer " + fixture.token
                            + "\nContent-Length: 10\n\nabc")
                    .readAll();
        }
        assertThat(fixture.client.get("/files").json().get("files")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\nabc\n0\n\n", "-3\nabc\n0\n\n", "ffffffffffffffffff\nabc", "3\nabc\n0\nTrailer: x\n\n"})
    void malformedChunksAreAJsonErrorAtOnce(String body) throws Exception {
        long begin = System.nanoTime();
        for (String close : List.of("Connection: close\n", "")) {
            try (RawHttp raw = new RawHttp(fixture.server.uri())) {
                assertError(
                        raw.send("POST /v1/files HTTP/1.1\nHost: x\n" + close + "Authorization: Bearer " + fixture.token
                                        + "\nTransfer-Encoding: chunked\n\n" + body)
                                .readAll(),
                        400);
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_536, 65_537, 3_000_000})
    void aLongChunkArrivesAsItIs(int length) throws Exception {
        String content = "0123456789abc".repeat(length / 13 + 1).substring(0, length);
        try (RawHttp raw = new RawHttp(fixture.server.uri())) {
            raw.send("POST /v1/files HTTP/1.1\nHost: x\nConnection: close\nAuthorization: Bearer " + fixture.token
                    + "\nTransfer-Encoding: chunked\n\n" + Integer.toHexString(length) + "\n" + content
                    + "\n3\nend\n0\n\n");
            assertThat(raw.readAll()).startsWith("HTTP/1.1 201");
        }
        fixture.client.send("POST", "/files", BodyPublishers.ofString(content + "end"));
        assertThat(fixture.client.get("/files").json().get("files")).hasSize(1);
    }

    @Test
    void aHugeChunkIsNotKept() throws Exception {
        try (RawHttp raw = new RawHttp(fixture.server.uri())) {
            raw.send("POST /v1/files HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n7ffffff0\nabc");
            assertError(raw.readAll(), 401);
        }
    }

    @Test
    void anEndlessLineBeforeAChunkIsCut() throws Exception {
        try (RawHttp raw = new RawHttp(fixture.server.uri())) {
            raw.send("POST /v1/files HTTP/1.1\nHost: x\nAuthorization: Bearer " + fixture.token
                    + "\nTransfer-Encoding: chunked\n\n3;" + "x".repeat(100_000));
            assertError(raw.readAll(), 400);
        }
    }

    @Test
    void anEndlessBodyIsCutAtTheLimit() throws Exception {
        try (RawHttp raw = new RawHttp(fixture.server.uri())) {
            raw.send("POST /v1/instances HTTP/1.1\nHost: x\nAuthorization: Bearer " + fixture.token
                    + "\nTransfer-Encoding: chunked\n\n");
            String chunk = "10000\n" + "x".repeat(0x10000) + "\n";
            for (int sent = 0; sent <= 4 << 20; sent += 0x10000) { // no more: the server closes the connection
                raw.send(chunk);
            }
            assertError(raw.readAll(), 413);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Accept-Encoding: gzip", "Accept: */*"})
    void streamedAnswersEndAlsoIfTheConnectionDoes(String header) throws Exception {
        for (int i = 0; i < 500; i++) {
            fixture.engine.images.add(fixture.project, UUID.randomUUID(), "long/tag:" + i, Instant.EPOCH);
        }
        String answer = RawHttp.ask(
                fixture.server.uri(), "GET /v1/images?limit=600", "Authorization: Bearer " + fixture.token, header);
        assertThat(answer).startsWith("HTTP/1.1 200").contains("chunked").endsWith("\r\n0\r\n\r\n");
    }

    @Test
    void anAddressInUseIsReportedInWords() {
        URI taken = fixture.server.uri();
        var listen = new InetSocketAddress(taken.getHost(), taken.getPort());
        Duration second = Duration.ofSeconds(1);
        var settings = new HttpSettings(listen, 1, 1, 1, second, second, HttpAccess.STANDARD, 1);
        assertThatThrownBy(() -> HttpServer.start(fixture.engine, settings))
                .isInstanceOf(ContreeException.class)
                .hasMessageMatching(
                        "cannot listen on \\S+:\\d+: Address already in use.*; choose another address with --listen");
    }

    @Test
    void headersOfAnAnswerThatDidNotComeAreNotThoseOfTheError() {
        fixture.engine.images.tree.file("/unreadable", new byte[0]);
        var answer = fixture.client.get("/inspect/" + Fixture.IMAGE + "/archive?path=/unreadable");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.header("Content-Disposition")).isEmpty();
        assertThat(answer.header("Content-Type")).contains("application/json");
    }

    @Test
    void aRefusedUploadDoesNotStayToBeRead() throws Exception {
        try (RawHttp raw = new RawHttp(fixture.server.uri())) {
            String answer = raw.send("POST /v1/files HTTP/1.1\nHost: x\nContent-Length: 1000000000\n\nabc")
                    .readAll();
            assertThat(answer).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void expectContinueIsAnswered() throws Exception {
        try (RawHttp raw = new RawHttp(fixture.server.uri())) {
            raw.send("POST /v1/files HTTP/1.1\nHost: x\nConnection: close\nExpect: 100-continue\nAuthorization: Bearer "
                    + fixture.token + "\nContent-Length: 3\n\n");
            byte[] head = raw.in().readNBytes(12);
            assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100");
            assertThat(raw.send("abc").readAll()).contains("HTTP/1.1 201");
        }
    }

    @Test
    void oneConnectionServesManyRequestsAlsoAfterErrors() throws Exception {
        try (RawHttp raw = new RawHttp(fixture.server.uri())) {
            String get = "GET /v1/%s HTTP/1.1\nHost: x\nAuthorization: Bearer " + fixture.token + "\n\n";
            raw.send(get.formatted("whoami")
                    + get.formatted("nothing")
                    + get.formatted("images?limit=0")
                    + get.formatted("images").replace("Host: x", "Host: x\nConnection: close"));
            String all = raw.readAll();
            assertThat(all.split("HTTP/1.1 ")).hasSize(5);
            assertThat(all).contains("HTTP/1.1 404").contains("HTTP/1.1 400").contains("\"images\":[");
        }
    }
}
