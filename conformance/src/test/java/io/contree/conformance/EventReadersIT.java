package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.contree.testkit.Program;
import io.contree.testkit.RawHttp;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Very many readers of the events of real runs, and those that are slow or vanish. */
class EventReadersIT extends ServerSuite {
    private static final int READERS = 1000;

    private RawHttp follow(String operation) throws IOException {
        RawHttp reader = new RawHttp(server.uri());
        reader.send("GET /v1/operations/" + operation + "/events?follow=1 HTTP/1.1\nHost: x\nAuthorization: Bearer "
                + server.token() + "\n\n");
        return reader;
    }

    /** Ids of the events until completion, in their order. */
    private static List<String> read(RawHttp reader) throws IOException {
        List<String> ids = new ArrayList<>();
        InputStream in = new BufferedInputStream(reader.in());
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b != '\n') {
                line.append((char) b);
                continue;
            }
            if (line.indexOf("id: ") == 0) {
                ids.add(line.substring(4));
            } else if (line.indexOf("event: completion") == 0) {
                return ids;
            }
            line.setLength(0);
        }
        throw new IOException("the stream ended without completion, after " + ids);
    }

    private long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
            return open.count();
        }
    }

    private long threads() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + server.pid() + "/task"))) {
            return tasks.count();
        }
    }

    /** KiB of the heap that are in use after a collection. */
    private long heapKib() throws Exception {
        Program jcmd = new Program(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        String pid = Long.toString(server.pid());
        jcmd.run(pid, "GC.run");
        return jcmd.run(pid, "GC.heap_info")
                .lines()
                .filter(line -> line.contains("generation"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*used (\\d+)K.*", "$1")))
                .sum();
    }

    @Test
    void aThousandReadersHearEverythingHalfVanishAndNothingIsLeftOfThem() throws Exception {
        readAndVanish(50); // what is made only once is made now
        long descriptors = descriptors();
        long threads = threads();
        long heap = heapKib();
        readAndVanish(READERS);

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(descriptors()).isLessThan(descriptors + 10);
            assertThat(threads()).isLessThan(threads + 20);
        });
        assertThat(heapKib()).isLessThan(heap + (16 << 10));
    }

    /** Runs that wait for a word before they end, so that every reader is there in time. */
    private void readAndVanish(int count) throws Exception {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            runs.add(api.spawn(Map.of(
                    "image",
                    box,
                    "command",
                    "read go; for i in $(seq 20); do echo line $i; sleep 0.02; done; head -c 50000 /dev/urandom",
                    "shell",
                    true,
                    "stdin",
                    Map.of("value", "", "close", false),
                    "timeout",
                    120)));
        }
        List<RawHttp> readers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                readers.add(follow(runs.get(i % 2)));
            }
            List<Future<List<String>>> heard = new ArrayList<>();
            for (RawHttp staying : readers.subList(0, count / 2)) {
                heard.add(threads.submit(() -> read(staying)));
            }
            for (RawHttp leaving : readers.subList(count / 2, count)) {
                assertThat(leaving.in().read()).as("it is answered").isEqualTo('H');
            }
            for (String run : runs) {
                api.post("/operations/" + run + "/subprocesses/1/stdin", Map.of("value", "go\n"));
            }
            for (RawHttp leaving : readers.subList(count / 2, count)) {
                leaving.close();
            }
            Set<List<String>> different = new HashSet<>();
            for (Future<List<String>> each : heard) {
                different.add(each.get());
            }
            assertWhole(runs, different);
        } finally {
            for (RawHttp reader : readers) {
                reader.close();
            }
        }
    }

    private void assertWhole(List<String> runs, Set<List<String>> heard) throws Exception {
        Set<List<String>> whole = new HashSet<>();
        for (String run : runs) {
            JsonNode record = api.await(run);
            assertThat(record.get("status").asString()).isEqualTo("SUCCESS");
            try (InputStream in = api.stream("/operations/" + run + "/events").body()) {
                whole.add(SseFrame.all(in).stream().map(SseFrame::id).toList());
            }
        }
        assertThat(heard).isEqualTo(whole);
    }

    @Test
    void aReaderThatDoesNotReadHoldsUpNobodyAndMissesNothing() throws Exception {
        String operation = api.spawn(Map.of(
                "image",
                box,
                "command",
                "read go; head -c 8000000 /dev/urandom",
                "shell",
                true,
                "truncate_output_at",
                10 << 20,
                "stdin",
                Map.of("value", "", "close", false),
                "timeout",
                120));
        try (RawHttp slow = follow(operation)) {
            assertThat(slow.in().read()).isEqualTo('H');
            api.post(
                    "/operations/" + operation + "/subprocesses/1/stdin", Map.of("value", "go\n", "encoding", "ascii"));
            JsonNode record = api.await(operation);
            assertThat(record.at("/metadata/result/stdout/truncated").asBoolean())
                    .isFalse();
            List<String> whole;
            try (InputStream in = new BufferedInputStream(
                    api.stream("/operations/" + operation + "/events?follow=1").body())) {
                whole = SseFrame.all(in).stream().map(SseFrame::id).toList();
            }
            assertThat(whole).hasSizeGreaterThan(8_000_000 / 65_536);
            assertThat(read(slow)).isEqualTo(whole);
        }
    }
}
