package io.contree.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.contree.api.OperationStatus;
import io.contree.engine.Caller.Permission;
import io.contree.server.http.exchange.Failures;
import io.contree.testkit.OpenApi;
import io.contree.testkit.RawHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class EventsTest {
    private final Fixture fixture = new Fixture(Fixture.settings(Duration.ofSeconds(30), Duration.ofMillis(200)));
    private final ApiClient client = fixture.client;

    /** One frame or comment. */
    private record Frame(String id, String event, String data, String comment) {
        /** Reads the next one; null at the end of the stream. */
        static Frame read(InputStream in) throws IOException {
            String id = "";
            String event = "";
            String data = "";
            String comment = "";
            boolean any = false;
            for (String line = line(in); line != null; line = line(in)) {
                if (line.isEmpty()) {
                    return new Frame(id, event, data, comment);
                }
                any = true;
                int colon = line.indexOf(": ");
                String value = line.substring(colon + 2);
                switch (line.substring(0, colon)) {
                    case "id" -> id = value;
                    case "event" -> event = value;
                    case "data" -> data = value;
                    default -> comment = value;
                }
            }
            assertThat(any).as("a frame is cut").isFalse();
            return null;
        }

        /** Byte by byte: a JDK reader would wait for more than the frame. */
        private static String line(InputStream in) throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                line.write(b);
            }
            assertThat(line.size()).as("a line is cut").isZero();
            return null;
        }

        Frame check() {
            OpenApi.get().checkEvent(data.getBytes(StandardCharsets.UTF_8));
            var json = new JsonMapper().readTree(data);
            assertThat(json.get("id").asString()).isEqualTo(id);
            assertThat(json.get("type").stringValue()).isEqualTo(event);
            return this;
        }
    }

    @AfterEach
    void noReaderStays() {
        await().atMost(Duration.ofSeconds(10)).until(() -> fixture.engine.operations.readers.get() == 0);
        fixture.close();
    }

    /** The whole stream, in short: {@code 0 stdout} or {@code : comment}. */
    private List<String> all(FakeOperation operation, String query, String... headers) throws Exception {
        List<String> frames = new ArrayList<>();
        var response = client.stream("/operations/" + operation.id + "/events" + query, headers);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-cache");
        try (InputStream in = response.body()) {
            for (Frame frame = Frame.read(in); frame != null; frame = Frame.read(in)) {
                frames.add(
                        frame.comment().isEmpty() ? frame.check().id() + " " + frame.event() : ": " + frame.comment());
            }
        }
        return frames;
    }

    private FakeOperation finished() {
        FakeOperation operation = fixture.spawn();
        operation.output("a\nb");
        operation.event(2, "stdout", Map.of("value", "x", "encoding", "ascii"));
        operation.event(0, "shutdown", Map.of("stopped_at", "2026-01-02T03:04:05Z", "reason", "job_complete"));
        operation.end(OperationStatus.SUCCESS, Fixture.IMAGE, null);
        return operation;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|0 stdout,1 stdout,2 shutdown,3 completion",
                "?follow=0|0 stdout,1 stdout,2 shutdown,3 completion",
                "?follow=1&since=-1|0 stdout,1 stdout,2 shutdown,3 completion",
                "?follow|0 stdout,1 stdout,2 shutdown,3 completion",
                "?since=0|1 stdout,2 shutdown,3 completion",
                "?since=2&follow=1|3 completion",
                "?spid=1|0 stdout,3 completion",
                "?spid=2&follow=1|1 stdout,3 completion",
                "?spid=0|2 shutdown,3 completion",
                "?spid=9|3 completion"
            })
    void aFinishedLogIsReplayed(String query, String expected) throws Exception {
        assertThat(all(finished(), query)).containsExactly(expected.split(","));
    }

    @Test
    void beyondTheEndThereIsNothing() throws Exception {
        assertThat(all(finished(), "?since=3")).isEmpty();
        assertThat(all(finished(), "?since=99&follow=1")).isEmpty();
    }

    @Test
    void lastEventIdWinsOverSince() throws Exception {
        assertThat(all(finished(), "?since=0", "Last-Event-Id", "2")).containsExactly("3 completion");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?since=x", "?since=1.5", "?spid=x", "?follow=2"})
    void malformedParametersAre400(String query) {
        assertThat(client.get("/operations/" + finished().id + "/events" + query)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aMalformedLastEventIdIs400() {
        assertThat(client.get("/operations/" + finished().id + "/events", "Last-Event-Id", "x")
                        .status())
                .isEqualTo(400);
        assertThat(client.get("/operations/" + UUID.randomUUID() + "/events").status())
                .isEqualTo(404);
    }

    @Test
    void withoutFollowARunningLogEnds() throws Exception {
        FakeOperation operation = fixture.spawn();

        assertThat(all(operation, "")).isEmpty();
        operation.output("x");
        assertThat(all(operation, "")).containsExactly("0 stdout");
        operation.cancel();
    }

    @Test
    void aFollowerGetsEachEventAsItComesAndCommentsBetween() throws Exception {
        FakeOperation operation = fixture.spawn();
        var response = client.stream("/operations/" + operation.id + "/events?follow=1");
        try (InputStream in = response.body()) {
            assertThat(Frame.read(in).comment()).isEqualTo("keepalive");
            operation.output("x");
            Frame frame = Frame.read(in);
            while (!frame.comment().isEmpty()) {
                frame = Frame.read(in);
            }
            assertThat(frame.check().data()).contains("\"value\":\"x\"");
            assertThat(client.get("/operations/" + operation.id + "?inflight")
                            .json()
                            .get("status")
                            .stringValue())
                    .isEqualTo("PENDING");
            operation.cancel();
            Frame last = Frame.read(in);
            while (!last.comment().isEmpty()) {
                last = Frame.read(in);
            }
            assertThat(last.check().event()).isEqualTo("completion");
            assertThat(Frame.read(in)).isNull();
        }
    }

    @Test
    void aFilterDoesNotSilenceTheKeepalive() throws Exception {
        FakeOperation operation = fixture.spawn();
        var response = client.stream("/operations/" + operation.id + "/events?follow=1&spid=7");
        Thread noise = Thread.ofVirtual().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                operation.output("noise");
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            }
        });
        try (InputStream in = response.body()) {
            assertThat(Frame.read(in).comment()).as("the first, at once").isEqualTo("keepalive");
            assertThat(Frame.read(in).comment()).isEqualTo("keepalive");
        } finally {
            noise.interrupt();
            noise.join();
            operation.cancel();
        }
    }

    @Test
    void gzipIsFlushedPerFrameAndHasItsTrailer() throws Exception {
        FakeOperation operation = fixture.spawn();
        var response =
                client.stream("/operations/" + operation.id + "/events?follow=1", "Accept-Encoding", "gzip, deflate");
        assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
        operation.output("x");
        // A missing trailer is an EOFException of GZIPInputStream.
        try (InputStream in = new GZIPInputStream(response.body(), 16)) {
            Frame frame = Frame.read(in);
            while (!frame.comment().isEmpty()) {
                frame = Frame.read(in);
            }
            assertThat(frame.check().event()).isEqualTo("stdout");
            operation.cancel();
            while (frame != null) {
                frame = Frame.read(in);
            }
        }
    }

    @Test
    void aBrokenLogIsReported() throws Exception {
        FakeOperation operation = fixture.spawn();
        operation.output("x");
        operation.event(1, "broken", Map.of());
        var response = client.stream("/operations/" + operation.id + "/events?follow=1");
        try (InputStream in = response.body()) {
            assertThat(Frame.read(in).check().id()).isEqualTo("0");
            Frame comment = Frame.read(in);
            assertThat(comment.comment()).contains("retry since last event id");
            Frame error = Frame.read(in);
            assertThat(error.event()).isEqualTo("sse_error");
            assertThat(error.data()).isEqualTo(Failures.INTERNAL);
            assertThat(Frame.read(in)).isNull();
        }
    }

    @Test
    void followingNeedsAPermissionToSpawn() throws Exception {
        FakeOperation operation = finished();
        try (ApiClient lister = fixture.clientWith(Permission.LIST);
                ApiClient spawner = fixture.clientWith(Permission.LIST, Permission.SPAWN_DISPOSABLE)) {
            String path = "/operations/" + operation.id + "/events";
            assertThat(lister.get(path).status()).isEqualTo(200);
            assertThat(lister.get(path + "?follow=1").status()).isEqualTo(403);
            assertThat(spawner.get(path + "?follow=1").status()).isEqualTo(200);
        }
    }

    @Test
    void aThousandReadersGetEverythingAndVanishingOnesLeaveNothing() throws Exception {
        FakeOperation operation = fixture.spawn();
        List<RawHttp> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                readers.add(new RawHttp(fixture.server.uri())
                        .send("GET /v1/operations/" + operation.id + "/events?follow=1 HTTP/1.1\nHost: x\n"
                                + "Authorization: Bearer " + fixture.token + "\n\n"));
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> fixture.engine.operations.readers.get() == 1000);
            for (RawHttp vanishing : readers.subList(0, 500)) {
                vanishing.close();
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> fixture.engine.operations.readers.get() == 500);
            operation.output("x");
            operation.cancel();
            for (RawHttp staying : readers.subList(500, 1000)) {
                assertThat(readToCompletion(staying))
                        .contains("id: 0\nevent: stdout")
                        .contains("event: completion");
            }
        } finally {
            for (RawHttp reader : readers) {
                reader.close();
            }
        }
    }

    private static String readToCompletion(RawHttp raw) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[8192];
        while (text.indexOf("event: completion") < 0) {
            int read = raw.in().read(buffer);
            assertThat(read).isPositive();
            text.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    @Test
    void aReaderThatNeverReadsHoldsNothingUp() throws Exception {
        FakeOperation operation = fixture.spawn();
        try (RawHttp sleeper = new RawHttp(fixture.server.uri())) {
            sleeper.send("GET /v1/operations/" + operation.id + "/events?follow=1 HTTP/1.1\nHost: x\n"
                    + "Authorization: Bearer " + fixture.token + "\n\n");
            await().atMost(Duration.ofSeconds(10)).until(() -> fixture.engine.operations.readers.get() == 1);
            String large = "x".repeat(60_000);
            for (int i = 0; i < 300; i++) {
                operation.event(1, "stdout", Map.of("value", large, "encoding", "ascii"));
            }
            operation.end(OperationStatus.SUCCESS, Fixture.IMAGE, null);
            assertThat(all(operation, "?follow=1")).hasSize(301);
        }
    }
}
