package io.contree.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.contree.api.ContreeException;
import io.contree.api.Encoding;
import io.contree.api.ErrorCode;
import io.contree.api.InstanceResult;
import io.contree.api.LimitReached;
import io.contree.api.OperationEvent;
import io.contree.api.OperationStatus;
import io.contree.api.ProcessRequest;
import io.contree.api.RunOutcome;
import io.contree.api.RunOutcome.Reason;
import io.contree.api.Stdin;
import io.contree.engine.Caller;
import io.contree.engine.EventReader;
import io.contree.engine.OperationDetails;
import io.contree.engine.Samples;
import io.contree.engine.Subprocesses;
import io.contree.sandbox.ProcessUser;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubprocessTest {
    private static final Stdin OPEN = new Stdin("", Encoding.ASCII, false);

    @TempDir
    private Path data;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = EngineFixture.open(data, 1, 10);
    }

    @AfterEach
    void leavesNothing() {
        fixture.close();
        assertThat(fixture.store.openCheckouts()).isZero();
        assertThat(fixture.sandboxes.running()).isZero();
        assertThat(fixture.catalog.unfinished()).isEmpty();
    }

    private static ProcessRequest request(Stdin stdin, String command, String... args) {
        return new ProcessRequest(command, List.of(args), false, new TreeMap<>(), "", 0, 0, "", stdin, 1 << 20);
    }

    private int create(UUID operation, String command, String... args) throws InterruptedException {
        return create(operation, request(Stdin.EMPTY, command, args));
    }

    private int create(UUID operation, ProcessRequest request) throws InterruptedException {
        return fixture.engine.subprocesses().create(fixture.caller, operation, request);
    }

    private void kill(UUID operation, int spid, int signal) throws InterruptedException {
        fixture.engine.subprocesses().kill(fixture.caller, operation, spid, signal);
    }

    private void write(UUID operation, int spid, String text, boolean close) throws InterruptedException {
        fixture.engine
                .subprocesses()
                .writeStdin(fixture.caller, operation, spid, new Stdin(text, Encoding.ASCII, close));
    }

    private InstanceResult get(UUID operation, int spid) {
        return fixture.engine.subprocesses().get(fixture.caller, operation, spid);
    }

    /** The result of a process once it has ended. */
    private InstanceResult ended(UUID operation, int spid) throws InterruptedException {
        try (EventReader reader = fixture.engine.operations().events(fixture.caller, operation, -1)) {
            while (!reader.ended()) {
                Optional<OperationEvent> event = reader.next(EngineFixture.LONG);
                assertThat(event).as("process " + spid + " ends").isPresent();
                if (event.get().type().equals("exit")
                        && Integer.valueOf(spid).equals(event.get().spid())) {
                    break;
                }
            }
        }
        return get(operation, spid);
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ContreeException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }

    @Test
    void aSubprocessRunsBesideTheMainOneAndItsChangesAreKept() throws Exception {
        UUID operation = fixture.start("sleep");

        assertThat(create(operation, "echo", "hello")).isEqualTo(2);
        assertThat(create(operation, "write", "/file", "text")).isEqualTo(3);
        InstanceResult result = ended(operation, 2);
        assertThat(result.stdout().value()).isEqualTo("hello\n");
        assertThat(result.state()).isEqualTo(new InstanceResult.State(0, -1, 7, false, false, false, false));
        assertThat(ended(operation, 3).state().exitCode()).isZero();

        kill(operation, 1, 15);
        OperationDetails end = fixture.end(operation);
        assertThat(end.summary().status()).isEqualTo(OperationStatus.SUCCESS);
        assertThat(end.result().orElseThrow().state().signal()).isEqualTo(15);
        assertThat(fixture.store.content(end.summary().resultImageUuid())).containsEntry("/file", "text");
        assertThat(get(operation, 2)).as("after the end").isEqualTo(result);
        assertThat(get(operation, 1).state().signal()).isEqualTo(15);
    }

    @Test
    void eventsCarryTheSpidInOrder() throws Exception {
        UUID operation = fixture.start("sleep");
        int spid = create(operation, request(new Stdin("in", Encoding.ASCII, true), "cat"));
        ended(operation, spid);
        kill(operation, 1, 9);

        assertThat(fixture.events(operation).stream()
                        .filter(event -> Integer.valueOf(spid).equals(event.spid()))
                        .map(OperationEvent::type))
                .containsExactly("spawn", "stdin", "stdout", "exit");
    }

    @Test
    void whileItRunsExitCodeAndSignalAreUnknown() throws Exception {
        UUID operation = fixture.start("sleep");
        int spid = create(operation, "sleep");

        assertThat(get(operation, spid).state())
                .isEqualTo(new InstanceResult.State(-1, -1, 6 + spid, false, false, false, false));
        kill(operation, spid, 10);
        assertThat(ended(operation, spid).state())
                .isEqualTo(new InstanceResult.State(-1, 10, 6 + spid, false, false, false, false));
        assertFails(ErrorCode.NOT_FOUND, () -> kill(operation, spid, 9));
        assertThat(fixture.status(operation)).isEqualTo(OperationStatus.EXECUTING);
        kill(operation, 1, 9);
    }

    @Test
    void whatStillRunsAtTheEndWasKilled() throws Exception {
        UUID operation = fixture.start("sleep");
        int spid = create(operation, "sleep");
        fixture.engine.operations().cancel(fixture.caller, operation);
        fixture.end(operation);

        assertThat(get(operation, spid).state().signal()).isEqualTo(9);
        assertThat(fixture.events(operation).getLast().type()).isEqualTo("completion");
    }

    @Test
    void stdinArrivesInOrderAndIsClosed() throws Exception {
        UUID operation = fixture.start("sleep");
        int spid = create(operation, request(new Stdin("first ", Encoding.ASCII, false), "cat"));
        write(operation, spid, "second ", false);
        write(operation, spid, "", false);
        fixture.engine
                .subprocesses()
                .writeStdin(
                        fixture.caller,
                        operation,
                        spid,
                        new Stdin(Base64.getEncoder().encodeToString(new byte[] {'t', 0}), Encoding.BASE64, true));

        assertThat(ended(operation, spid).stdout().value())
                .isEqualTo(Base64.getEncoder()
                        .encodeToString("first second t\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        kill(operation, 1, 9);
    }

    @Test
    void theMainProcessTakesStdinToo() throws Exception {
        var from = fixture.request("cat");
        UUID operation = fixture.start(Samples.withStdin(from, OPEN));
        write(operation, 1, "a line", true);

        assertThat(fixture.end(operation).result().orElseThrow().stdout().value())
                .isEqualTo("a line");
        assertFails(ErrorCode.GONE, () -> write(operation, 1, "more", true));
    }

    @Test
    void closedStdinIsAConflict() throws Exception {
        UUID operation =
                fixture.start(Samples.withStdin(fixture.request("sleep"), new Stdin("x", Encoding.ASCII, true)));
        int empty = create(operation, "sleep");
        int open = create(operation, request(OPEN, "deaf"));

        assertFails(ErrorCode.CONFLICT, () -> write(operation, 1, "x", false));
        assertFails(ErrorCode.CONFLICT, () -> write(operation, empty, "x", false));
        assertThatThrownBy(() -> write(operation, open, "x", false))
                .as("nothing was sent, so it may be sent again")
                .isInstanceOfSatisfying(ContreeException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT);
                    assertThat(e.retryAfter()).isPresent();
                });
        write(operation, open, "", true);
        assertFails(ErrorCode.CONFLICT, () -> write(operation, open, "", true));
        assertFails(ErrorCode.NOT_FOUND, () -> write(operation, 99, "x", false));
        kill(operation, 1, 9);
    }

    @Test
    void recordedStdinIsTruncatedAndDeliveredStdinIsNot() throws Exception {
        UUID operation = fixture.start("sleep");
        int spid =
                create(operation, new ProcessRequest("cat", List.of(), false, new TreeMap<>(), "", 0, 0, "", OPEN, 5));
        write(operation, spid, "1234567", false);
        write(operation, spid, "89", true);

        assertThat(ended(operation, spid).stdout().value()).isEqualTo("123456789");
        assertThat(fixture.engine
                        .subprocesses()
                        .get(fixture.caller, operation, spid)
                        .stdout()
                        .truncated())
                .isFalse();
        kill(operation, 1, 9);
        assertThat(fixture.events(operation)).anySatisfy(event -> {
            assertThat(event.type()).isEqualTo("truncated");
            assertThat(event.data()).isEqualTo(Map.of("stream", "stdin", "bytes_emitted", 5, "bytes_dropped", 4));
        });
    }

    @Test
    void aProcessTellsTheLimitsThatWereMetWhileItRan() throws Exception {
        UUID operation = fixture.start(fixture.request("sleep"));
        int before = create(operation, "true");
        awaitEnd(operation, before);
        int killed = create(operation, "oom");
        awaitEnd(operation, killed);
        int after = create(
                operation,
                new ProcessRequest("spew", List.of("300"), false, new TreeMap<>(), "", 0, 0, "", Stdin.EMPTY, 100));
        awaitEnd(operation, after);

        assertThat(outcome(operation, before)).isEqualTo(new RunOutcome(Reason.EXITED, List.of()));
        assertThat(outcome(operation, killed))
                .isEqualTo(
                        new RunOutcome(Reason.MEMORY_LIMIT, List.of(LimitReached.memory(64 << 20, (64 << 20) - 1, 1))));
        assertThat(outcome(operation, after))
                .isEqualTo(new RunOutcome(Reason.EXITED, List.of(LimitReached.output("stdout", 100, 300))));
        kill(operation, 1, 9);
        fixture.end(operation);
        assertThat(fixture.engine
                        .subprocesses()
                        .get(fixture.caller, operation, 1)
                        .outcome())
                .isNull();
        assertThat(outcome(operation, killed).reason()).isEqualTo(Reason.MEMORY_LIMIT);
    }

    private RunOutcome outcome(UUID operation, int spid) {
        return Objects.requireNonNull(fixture.engine
                .subprocesses()
                .get(fixture.caller, operation, spid)
                .outcome());
    }

    private void awaitEnd(UUID operation, int spid) {
        while (fixture.engine
                        .subprocesses()
                        .get(fixture.caller, operation, spid)
                        .outcome()
                == null) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aProgramThatIsNotThereIsRefusedAndTheRunGoesOn() throws Exception {
        UUID operation = fixture.start("sleep");

        assertThatThrownBy(() -> create(operation, "nonsense"))
                .isInstanceOf(ContreeException.class)
                .hasMessage("spawn failed: nonsense: executable file not found in PATH");
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> create(operation, "nonsense"));
        assertThat(create(operation, "true")).isEqualTo(4);
        assertFails(ErrorCode.NOT_FOUND, () -> get(operation, 2));
        kill(operation, 1, 9);
    }

    @Test
    void inputThatIsNotReadIsBounded() throws Exception {
        UUID operation = fixture.start("sleep");
        Stdin much = new Stdin("x".repeat(5 << 20), Encoding.ASCII, true);
        int deaf = create(operation, request(much, "deaf"));

        assertFails(ErrorCode.TOO_MANY_REQUESTS, () -> create(operation, request(much, "cat")));
        assertThat(create(operation, request(new Stdin("little", Encoding.ASCII, true), "cat")))
                .as("nothing was done")
                .isEqualTo(3);
        assertFails(ErrorCode.TOO_MANY_REQUESTS, () -> create(operation, request(much, "nonsense")));
        kill(operation, deaf, 9);
        ended(operation, deaf);
        await().atMost(EngineFixture.LONG)
                .untilAsserted(() ->
                        assertFails(ErrorCode.INVALID_ARGUMENT, () -> create(operation, request(much, "nonsense"))));
        kill(operation, 1, 9);
    }

    @Test
    void theImagesVariablesAreForTheShellAlone() throws Exception {
        UUID operation = fixture.start("sleep");
        create(operation, "env");
        create(
                operation,
                new ProcessRequest(
                        "x", List.of("a b"), true, new TreeMap<>(Map.of("K", "v")), "/work", 5, 6, "", Stdin.EMPTY, 1));

        var plain = fixture.sandboxes.spawned.get(1);
        var shell = fixture.sandboxes.spawned.get(2);
        assertThat(plain.env()).doesNotContainKey("FROM");
        assertThat(plain.cwd()).isEqualTo("/srv");
        assertThat(shell.env()).containsEntry("FROM", "image").containsEntry("K", "v");
        assertThat(shell.argv()).containsExactly("/bin/sh", "-c", "x 'a b'");
        assertThat(shell.cwd()).isEqualTo("/work");
        assertThat(shell.user()).isEqualTo(ProcessUser.of(5, 6));
        assertThat(shell.timeout()).isZero();
        kill(operation, 1, 9);
    }

    @Test
    void aRequestWhileTheSandboxComesUpIsHeldAndOneInTheQueueIsTooEarly() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        CompletableFuture<Void> go = new CompletableFuture<>();
        fixture.sandboxes.beforeStart = () -> {
            starting.countDown();
            go.join();
        };
        UUID preparing = fixture.start("sleep");
        UUID queued = fixture.start("sleep");
        starting.await();
        assertThat(fixture.status(preparing)).isEqualTo(OperationStatus.ASSIGNED);

        assertFails(ErrorCode.TOO_EARLY, () -> create(queued, "true"));
        assertFails(ErrorCode.TOO_EARLY, () -> kill(queued, 1, 9));
        assertFails(ErrorCode.TOO_EARLY, () -> get(queued, 1));
        assertFails(ErrorCode.TOO_EARLY, () -> write(queued, 1, "", true));
        Thread.ofVirtual().start(() -> go.complete(null));
        assertThat(create(preparing, "true")).isEqualTo(2);
        kill(preparing, 1, 9);
        fixture.end(preparing);
        assertThat(create(queued, "true")).isEqualTo(2);
        kill(queued, 1, 9);
    }

    @Test
    void anEndedRunAndAnImportHaveNoProcesses() throws Exception {
        UUID ended = fixture.start("true");
        fixture.end(ended);

        assertFails(ErrorCode.CONFLICT, () -> create(ended, "true"));
        assertFails(ErrorCode.CONFLICT, () -> kill(ended, 1, 9));
        assertFails(ErrorCode.GONE, () -> write(ended, 1, "", true));
        assertFails(ErrorCode.NOT_FOUND, () -> get(ended, 2));
        UUID load = fixture.engine
                .operations()
                .importImage(fixture.caller, Samples.imported("docker://none/x", Optional.empty()));
        fixture.end(load);
        assertFails(ErrorCode.CONFLICT, () -> create(load, "true"));
        assertFails(ErrorCode.CONFLICT, () -> kill(load, 1, 9));
        assertFails(ErrorCode.CONFLICT, () -> write(load, 1, "", true));
        assertFails(ErrorCode.NOT_FOUND, () -> get(load, 1));
    }

    @Test
    void otherProjectsAndTokensWithoutThePermissionAreRefused() throws Exception {
        UUID operation = fixture.start("sleep");
        Caller stranger = Samples.caller(UUID.randomUUID());
        Caller lister = new Caller(
                UUID.randomUUID(), fixture.caller.project(), Set.of(Caller.Permission.LIST), Optional.empty());
        Subprocesses subprocesses = fixture.engine.subprocesses();
        create(operation, "true");

        for (var refused : Map.of(stranger, ErrorCode.NOT_FOUND, lister, ErrorCode.PERMISSION_DENIED)
                .entrySet()) {
            Caller caller = refused.getKey();
            assertFails(refused.getValue(), () -> subprocesses.create(caller, operation, request(Stdin.EMPTY, "true")));
            assertFails(refused.getValue(), () -> subprocesses.kill(caller, operation, 1, 9));
            assertFails(refused.getValue(), () -> subprocesses.writeStdin(caller, operation, 1, OPEN));
        }
        assertFails(ErrorCode.NOT_FOUND, () -> subprocesses.get(stranger, operation, 1));
        assertThat(subprocesses.get(lister, operation, 1).state().exitCode()).isEqualTo(-1);
        kill(operation, 1, 9);
    }
}
