package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.OpenApi;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The events of real runs and imports, on a server that runs one at a time. */
@Isolated("measures the pause between two comments")
class EventStreamIT extends SubprocessSuite {
    @Override
    String[] options() {
        return new String[] {"--max-running", "1"};
    }

    private HttpResponse<InputStream> open(String operation, String query, String... headers) throws Exception {
        return api.stream("/operations/" + operation + "/events" + query, headers);
    }

    private List<SseFrame> events(String operation, String query, String... headers) throws Exception {
        try (InputStream in = open(operation, query, headers).body()) {
            return SseFrame.all(in);
        }
    }

    private static List<String> kinds(List<SseFrame> frames) {
        return frames.stream().map(SseFrame::event).toList();
    }

    private static List<Integer> ids(List<SseFrame> frames) {
        return frames.stream().map(frame -> Integer.parseInt(frame.id())).toList();
    }

    /** The next frame that is not a comment. */
    private static SseFrame next(InputStream in) throws IOException {
        SseFrame frame = SseFrame.read(in);
        while (frame != null && frame.event().isEmpty()) {
            frame = SseFrame.read(in);
        }
        assertThat(frame).as("one more event").isNotNull();
        return frame;
    }

    private String ended(String command) throws Exception {
        return api.shell(box, command).get("uuid").asString();
    }

    @Test
    void aReplayIsWholeWithIdsFromZeroAndCompletionLast() throws Exception {
        String operation = ended("echo out; echo err >&2");
        HttpResponse<InputStream> response = open(operation, "");
        HttpHeaders headers = response.headers();
        assertThat(headers.firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        assertThat(headers.firstValue("Cache-Control")).contains("no-cache");
        List<SseFrame> frames = SseFrame.all(response.body());

        assertThat(ids(frames))
                .isEqualTo(java.util.stream.IntStream.range(0, frames.size())
                        .boxed()
                        .toList());
        assertThat(kinds(frames))
                .startsWith("init")
                .containsSubsequence("spawn", "stdout", "exit", "shutdown", "completion")
                .endsWith("completion");
        for (SseFrame frame : frames) {
            OpenApi.get().checkEvent(frame.data().getBytes(StandardCharsets.UTF_8));
            assertThat(frame.json().get("id").asString()).isEqualTo(frame.id());
            assertThat(frame.json().get("type").asString()).isEqualTo(frame.event());
        }
        JsonNode completion = frames.getLast().json();
        assertThat(completion.path("spid").asInt(0)).isZero();
        assertThat(completion.at("/data/status").asString()).isEqualTo("SUCCESS");
        assertThat(completion.at("/data/result_image_uuid").asString()).isEqualTo(box);
        assertThat(events(operation, "?follow=1&since=-1")).isEqualTo(frames);
        assertThat(events(operation, "?follow=0")).isEqualTo(frames);
    }

    @Test
    void sinceAndLastEventIdAreExclusiveAndTheHeaderWins() throws Exception {
        String operation = ended("echo a; echo b");
        List<SseFrame> all = events(operation, "");
        int last = all.size() - 1;
        assertThat(events(operation, "?since=-1")).isEqualTo(all);
        assertThat(events(operation, "?since=0")).isEqualTo(all.subList(1, all.size()));
        assertThat(events(operation, "?follow=1&since=" + (last - 1))).isEqualTo(all.subList(last, last + 1));
        assertThat(events(operation, "?follow=1&since=" + last)).isEmpty();
        assertThat(events(operation, "", "Last-Event-Id", "1")).isEqualTo(all.subList(2, all.size()));
        assertThat(events(operation, "?since=0", "Last-Event-Id", "2")).isEqualTo(all.subList(3, all.size()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?since=x", "?since=1.5", "?spid=x", "?follow=2", "?since=99999999999999999999"})
    void anythingButANumberIsABadRequest(String query) throws Exception {
        assertThat(api.get("/operations/" + ended("true") + "/events" + query).statusCode())
                .isEqualTo(400);
    }

    @Test
    void aFilterBySpidKeepsCompletion() throws Exception {
        String operation = api.spawn(
                Map.of("image", box, "command", "echo main; cat", "shell", true, "stdin", OPEN, "timeout", 60));
        int spid = shell(operation, "echo sub");
        result(operation, spid);
        write(operation, 1, new byte[0], true);
        api.await(operation);

        assertThat(kinds(events(operation, "?spid=1"))).containsExactly("spawn", "stdout", "exit", "completion");
        List<SseFrame> sub = events(operation, "?follow=1&spid=" + spid);
        assertThat(kinds(sub)).containsExactly("spawn", "stdout", "exit", "completion");
        assertThat(new String(sub.get(1).bytes(), StandardCharsets.UTF_8)).isEqualTo("sub\n");
        assertThat(kinds(events(operation, "?spid=0")))
                .contains("init", "shutdown")
                .endsWith("completion");
        assertThat(kinds(events(operation, "?spid=77"))).containsExactly("completion");
    }

    @Test
    void aPendingRunIsReadableAtOnceHearsKeepalivesAndEndsCancelled() throws Exception {
        String running = sleeper();
        String pending = sleeper();
        assertThat(events(pending, "")).isEmpty();
        try (InputStream silent = open(running, "?follow=1").body();
                InputStream waiting = open(pending, "?follow=1").body()) {
            assertThat(next(silent).event()).isEqualTo("init");
            SseFrame frame = SseFrame.read(silent);
            while (!frame.event().isEmpty()) {
                frame = SseFrame.read(silent);
            }
            long since = System.nanoTime();
            assertThat(SseFrame.read(silent).event()).as("a second comment").isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofMillis(5900));
            assertThat(SseFrame.read(waiting).event()).as("a comment").isEmpty();

            assertThat(api.delete("/operations/" + pending).statusCode()).isEqualTo(202);
            SseFrame completion = next(waiting);
            assertThat(completion.event()).isEqualTo("completion");
            assertThat(completion.id()).isEqualTo("0");
            assertThat(completion.json().at("/data/status").asString()).isEqualTo("CANCELLED");
            assertThat(SseFrame.read(waiting)).isNull();
        }
        end(running);
        assertThat(kinds(events(pending, ""))).containsExactly("completion");
    }

    @Test
    void aFollowerHearsEachEventWhileTheRunGoesOn() throws Exception {
        String operation = api.spawn(
                Map.of("image", box, "command", "echo one; cat", "shell", true, "stdin", OPEN, "timeout", 60));
        try (InputStream in = open(operation, "?follow=1").body()) {
            SseFrame frame = next(in);
            while (!frame.event().equals("stdout")) {
                frame = next(in);
            }
            write(operation, 1, "two".getBytes(StandardCharsets.UTF_8), true);
            List<SseFrame> rest = SseFrame.all(in);
            assertThat(kinds(rest)).containsSubsequence("stdin", "stdout", "exit", "completion");
        }
    }

    @ParameterizedTest
    @CsvSource({"gzip,true", "'br, gzip;q=0.5',true", "identity,false", "'',false", "gzip;q=0,false"})
    void gzipIsForWhoAsksFlushedPerFrameWithItsTrailer(String accepted, boolean compressed) throws Exception {
        String operation = api.spawn(
                Map.of("image", box, "command", "echo one; cat", "shell", true, "stdin", OPEN, "timeout", 60));
        String[] headers = accepted.isEmpty() ? new String[0] : new String[] {"Accept-Encoding", accepted};
        HttpResponse<InputStream> response = open(operation, "?follow=1", headers);
        assertThat(response.headers().firstValue("Content-Encoding").isPresent())
                .isEqualTo(compressed);
        // A trailer that is missing or wrong is an exception of GZIPInputStream, a frame that is held back a hanging
        // test.
        try (InputStream in = compressed ? new GZIPInputStream(response.body(), 16) : response.body()) {
            SseFrame frame = next(in);
            while (!frame.event().equals("stdout")) {
                frame = next(in);
            }
            write(operation, 1, new byte[0], true);
            assertThat(kinds(SseFrame.all(in))).endsWith("completion");
        }
    }

    @Test
    void binaryOutputComesBackByteForByteOnBothStreams() throws Exception {
        String command = "head -c 300000 /dev/urandom > /r; cat /r; cat /r >&2; printf '\\0\\377\\n\\r\\t'";
        JsonNode record = api.shell(box, command);
        byte[] random = api.read(record.get("result_image_uuid").asString(), "/r");
        List<SseFrame> frames = events(record.get("uuid").asString(), "?spid=1");

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        for (SseFrame frame : frames) {
            if (frame.event().equals("stdout")) {
                out.writeBytes(frame.bytes());
            } else if (frame.event().equals("stderr")) {
                err.writeBytes(frame.bytes());
            }
        }
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(random);
        expected.writeBytes(new byte[] {0, (byte) 0xff, '\n', '\r', '\t'});
        assertThat(out.toByteArray()).isEqualTo(expected.toByteArray());
        assertThat(err.toByteArray()).isEqualTo(random);
    }

    @Test
    void printableTextIsAsciiAndAnythingElseBase64() throws Exception {
        JsonNode text = api.shell(box, "printf 'all\\tof~ this\\r\\n'; printf 'h\\303\\251' >&2");
        assertThat(text.at("/metadata/result/stdout").toString())
                .isEqualTo("{\"value\":\"all\\tof~ this\\r\\n\",\"encoding\":\"ascii\",\"truncated\":false}");
        assertThat(text.at("/metadata/result/stderr").toString())
                .isEqualTo("{\"value\":\"aMOp\",\"encoding\":\"base64\",\"truncated\":false}");
        for (String odd : List.of("\\0", "\\177", "\\033[1m", "\\010", "\\200")) {
            JsonNode record = api.shell(box, "printf '" + odd + "'");
            assertThat(record.at("/metadata/result/stdout/encoding").asString())
                    .as(odd)
                    .isEqualTo("base64");
        }
    }

    @Test
    void truncationIsReportedPerStream() throws Exception {
        JsonNode record = api.await(api.spawn(Map.of(
                "image",
                box,
                "command",
                "printf 1234567890; printf 12345 >&2",
                "shell",
                true,
                "truncate_output_at",
                5)));
        assertThat(record.at("/metadata/result/stdout/value").asString()).isEqualTo("12345");
        assertThat(record.at("/metadata/result/stdout/truncated").asBoolean()).isTrue();
        assertThat(record.at("/metadata/result/stderr/truncated").asBoolean()).isFalse();
        List<SseFrame> cut = events(record.get("uuid").asString(), "").stream()
                .filter(frame -> frame.event().equals("truncated"))
                .toList();
        assertThat(cut).hasSize(1);
        assertThat(cut.getFirst().json().get("data").toString())
                .isEqualTo("{\"stream\":\"stdout\",\"bytes_emitted\":5,\"bytes_dropped\":5}");
    }

    @Test
    void completionIsLastForFailedCancelledAndImports() throws Exception {
        String failed = api.spawn(Map.of("image", box, "command", "no-such-program"));
        String cancelled = sleeper();
        String imported =
                api.importRecord("rootfs:" + root, "box:1").get("uuid").asString();
        String broken =
                api.importRecord("rootfs:/no/such", "none:1").get("uuid").asString();
        api.await(failed);
        api.delete("/operations/" + cancelled);
        Map<String, String> ends =
                Map.of(failed, "FAILED", cancelled, "CANCELLED", imported, "SUCCESS", broken, "FAILED");
        for (Map.Entry<String, String> end : ends.entrySet()) {
            List<SseFrame> frames = events(end.getKey(), "?follow=1");
            assertThat(frames.getLast().event()).isEqualTo("completion");
            assertThat(kinds(frames)).containsOnlyOnce("completion");
            JsonNode data = frames.getLast().json().get("data");
            assertThat(data.get("status").asString()).isEqualTo(end.getValue());
            assertThat(data.get("error").isNull()).isEqualTo(!end.getValue().equals("FAILED"));
            assertThat(data.get("result_image_uuid").isNull())
                    .isEqualTo(!end.getValue().equals("SUCCESS"));
        }
    }

    @RepeatedTest(10)
    void theRecordIsFinalWhenCompletionComes() throws Exception {
        String operation = api.spawn(Map.of("image", box, "command", "echo $$ > /pid", "shell", true));
        try (InputStream in = open(operation, "?follow=1").body()) {
            SseFrame frame = next(in);
            while (!frame.event().equals("completion")) {
                frame = next(in);
            }
            JsonNode record = api.getJson("/operations/" + operation);
            assertThat(record.get("status").asString()).isEqualTo("SUCCESS");
            assertThat(record.at("/metadata/result/state/exit_code").asInt()).isZero();
            assertThat(record.get("result_image_uuid")).isEqualTo(frame.json().at("/data/result_image_uuid"));
        }
    }

    /** 100 MiB of events of streams: then one that says so, and none of streams but all others. */
    @Test
    void theLogHasABudgetForOutputAndGoesOnWithoutIt() throws Exception {
        String operation = sleeper();
        String command = "yes | head -c 10485760; yes | head -c 10485760 >&2";
        for (int i = 0; i < 5; i++) {
            created(operation, Map.of("command", command, "shell", true, "truncate_output_at", 10 << 20));
        }
        long streamBytes = 0;
        int late = 0;
        List<SseFrame> service = new ArrayList<>();
        try (InputStream in =
                new BufferedInputStream(open(operation, "?follow=1").body(), 1 << 16)) {
            for (SseFrame frame = SseFrame.read(in); frame != null; frame = SseFrame.read(in)) {
                if (frame.event().equals("stdout") || frame.event().equals("stderr")) {
                    assertThat(kinds(service)).doesNotContain("size_cap");
                    streamBytes += frame.data().length();
                    continue;
                }
                service.add(frame);
                long exits = kinds(service).stream().filter("exit"::equals).count();
                if (frame.event().equals("exit") && exits == 5) {
                    late = shell(operation, "echo unheard");
                } else if (frame.event().equals("exit") && exits == 6) {
                    assertThat(kill(operation, 1, "")).isEqualTo(204);
                }
            }
        }
        assertThat(streamBytes).isBetween(99L << 20, 100L << 20);
        assertThat(kinds(service)).containsOnlyOnce("size_cap").endsWith("completion");
        assertThat(kinds(service).stream().filter("exit"::equals)).hasSize(7);
        int unheard = late;
        assertThat(service).anySatisfy(frame -> {
            assertThat(frame.event()).isEqualTo("truncated");
            assertThat(frame.spid()).isEqualTo(unheard);
            assertThat(frame.json().at("/data/bytes_dropped").asInt()).isEqualTo(8);
        });
        assertThat(result(operation, late).at("/stdout/truncated").asBoolean()).isTrue();
    }
}
