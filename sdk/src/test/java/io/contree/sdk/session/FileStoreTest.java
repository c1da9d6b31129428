package io.contree.sdk.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.CallInterruptedException;
import io.contree.sdk.SessionException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileStoreTest {
    private static final UUID IMAGE = UUID.fromString("11111111-1111-8111-8111-111111111111");
    private static final UUID OPERATION = UUID.fromString("22222222-2222-8222-8222-222222222222");

    @TempDir
    private Path directory;

    private Path file;
    private SessionStore store;

    @BeforeEach
    void open() {
        file = directory.resolve("session.json");
        store = SessionStore.file(file);
    }

    @Test
    void keepsWhatItWasGiven() throws IOException {
        SessionState begun = SessionState.begin(IMAGE);
        SessionState full = begun.withBranch(
                        "main", new Branch(0, new Branch.AtWork(OPERATION, "make \"ü\"\n", Instant.EPOCH)))
                .ended("main", OPERATION, IMAGE, 2)
                .withBranch("b", new Branch(1, new Branch.AtWork(OPERATION, "x", Instant.EPOCH)));
        assertThat(store.load()).isEmpty();

        store.update(nothing -> full);

        assertThat(SessionStore.file(file).load()).contains(full);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(directory).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void readsFormatOne() throws IOException {
        Files.writeString(file, """
                {"format": 1, "session": {"current": "main",
                  "branches": {"main": {"head": 1,
                    "at_work": {"operation": "%2$s", "command_line": "make", "since": "2026-01-02T03:04:05+00:00"}}},
                  "steps": [
                    {"id": 0, "parent": -1, "image": "%1$s", "at": "2026-01-02T03:04:05+00:00"},
                    {"id": 1, "parent": 0, "image": "%1$s", "at": "2026-01-02T03:04:05+00:00",
                     "run": {"operation": "%2$s", "command_line": "ls", "exit_code": 2}}]}}""".formatted(IMAGE, OPERATION));

        SessionState state = store.load().orElseThrow();

        assertThat(state.history("main")).hasSize(2);
        assertThat(state.head("main").exitCode()).isEqualTo(2);
        assertThat(state.branch("main").waitsFor(OPERATION)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"format\": 1}",
                "{\"format\": 1, \"session\": {\"current\": \"main\", \"branches\": {}, \"steps\": []}}",
                "{\"format\": 1, \"session\": {\"current\": \"main\", \"branches\": {\"main\": {\"head\": 3}}, \"steps\": []}}",
                "{\"format\": 1, \"session\": {\"current\": \"m\", \"branches\": {\"m\": {\"head\": 0}}, \"steps\": [{\"id\": 0}]}}",
            })
    void saysThatAFileIsDamagedAndLeavesItAlone(String content) throws IOException {
        Files.writeString(file, content);

        assertThatThrownBy(() -> store.load())
                .isInstanceOf(SessionException.class)
                .hasMessageContaining(file + ": the file is damaged (")
                .hasMessageContaining("move it away to begin anew");
        assertThatThrownBy(() -> store.update(state -> state.orElseGet(() -> SessionState.begin(IMAGE))))
                .isInstanceOf(SessionException.class);
        assertThat(file).hasContent(content);
    }

    @Test
    void refusesFormatsToCome() throws IOException {
        Files.writeString(file, "{\"format\": 2, \"whatever\": []}");

        assertThatThrownBy(() -> store.load()).hasMessageContaining("has format 2");
    }

    @Test
    void aFailedChangeChangesNothing() {
        store.update(nothing -> SessionState.begin(IMAGE));

        assertThatThrownBy(() -> store.update(state -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(store.load()).isPresent();
        store.update(state -> state.orElseThrow().withCurrent("main")); // nobody holds the lock
    }

    @Test
    void takesOverWhatACrashLeft() throws IOException {
        Files.writeString(directory.resolve("session.json.new"), "half");

        store.update(nothing -> SessionState.begin(IMAGE));

        assertThat(store.load()).isPresent();
    }

    @Test
    void recordsAlthoughTheThreadIsInterrupted() {
        store.update(nothing -> SessionState.begin(IMAGE));
        Thread.currentThread().interrupt();

        store.update(state -> state.orElseThrow().withBranch("b", new Branch(0, null)));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.load().orElseThrow().branches()).containsKey("b");
    }

    @Test
    void manyWritersLoseNothing() {
        store.update(nothing -> SessionState.begin(IMAGE));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                String name = "b" + i;
                threads.execute(() -> SessionStore.file(directory.resolve("./session.json"))
                        .update(state -> state.orElseThrow().withBranch(name, new Branch(0, null))));
            }
        }
        assertThat(store.load().orElseThrow().branches()).hasSize(21);
    }

    @Test
    void aTurnExcludesOtherProcessesAndEndsWithThem() throws Exception {
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TurnHolder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = other.inputReader()) {
            assertThat(out.readLine()).isEqualTo("held");
            store.turn("other").close();
            Thread waiting = Thread.ofVirtual()
                    .start(() ->
                            assertThatThrownBy(() -> store.turn("main")).isInstanceOf(CallInterruptedException.class));
            assertThat(waiting.join(java.time.Duration.ofMillis(50))).isFalse();
            waiting.interrupt();
            waiting.join();
        } finally {
            other.destroyForcibly().waitFor();
        }
        store.turn("main").close();
    }

    /** Takes the turn of branch main and keeps it until it is killed. */
    static final class TurnHolder {
        private TurnHolder() {}

        public static void main(String[] args) throws InterruptedException {
            SessionStore.file(Path.of(args[0])).turn("main");
            System.out.println("held");
            Thread.sleep(60_000);
        }
    }

    @Test
    void theThreadThatHasTheTurnMayAskAgain() {
        SessionStore.Turn outer = store.turn("main");
        store.turn("main").close();
        outer.close();

        assertThat(Thread.ofVirtual().start(() -> store.turn("main").close())).satisfies(Thread::join);
    }
}
