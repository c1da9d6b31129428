package io.contree.sdk.session;

import static io.contree.sdk.RunsOfScript.image;
import static io.contree.sdk.RunsOfScript.operation;
import static io.contree.sdk.RunsOfScript.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.CallInterruptedException;
import io.contree.sdk.Execution;
import io.contree.sdk.OperationFailedException;
import io.contree.sdk.Run;
import io.contree.sdk.RunsOfScript;
import io.contree.sdk.SessionException;
import io.contree.sdk.async.AsyncSession;
import io.contree.testkit.ScriptedServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
    private RunsOfScript script;
    private Session session;

    @BeforeEach
    void start() throws IOException {
        script = new RunsOfScript();
        session = script.contree.images().use(image(0)).session();
    }

    @AfterEach
    void stop() throws IOException {
        script.close();
    }

    @Test
    void startsEachRunFromWhatTheLastOneLeft() {
        script.accepts(1, 2).ended(1, 0).ended(2, 0);

        session.shell("echo 1 > /n").execute();
        session.command("cat", "/n").execute();

        assertThat(script.startedOn()).containsExactly(image(0).toString(), image(1).toString());
        assertThat(session.image().uuid()).isEqualTo(image(2));
        assertThat(session.history()).extracting(Step::image).containsExactly(image(0), image(1), image(2));
        assertThat(session.history().get(0).command()).isEmpty();
        assertThat(session.history().get(2).command()).contains("cat /n");
        assertThat(session.history().get(2).run().operation()).isEqualTo(operation(2));
    }

    @Test
    void asksNobodyBeforeTheFirstRun() {
        assertThat(session.history()).hasSize(1);
        assertThat(session.image().uuid()).isEqualTo(image(0));
        assertThat(script.server.requests()).isEmpty();
    }

    @Test
    void takesATagForWhatItMeansAtTheFirstRun() {
        script.server.on("GET /v1/inspect/", Answer.status(302, "", "Location: " + image(0) + "/"));
        script.accepts(1).ended(1, 0);
        Session byTag = script.contree.images().use("box:1").session();

        byTag.shell("x").execute();

        assertThat(script.startedOn()).containsExactly(image(0).toString());
        assertThat(byTag.history().get(0).image()).isEqualTo(image(0));
    }

    @Test
    void movesWithACommandThatFails() {
        script.accepts(1).ended(1, 3);

        session.shell("exit 3").execute();

        assertThat(session.image().uuid()).isEqualTo(image(1));
        assertThat(session.history().get(1).exitCode()).isEqualTo(3);
    }

    @Test
    void staysWhenARunIsDisposableOrLeavesNoImage() {
        script.accepts(1, 2, 3)
                .endedWithout(1, "SUCCESS")
                .endedWithout(2, "FAILED")
                .endedWithout(3, "CANCELLED");

        session.shell("x").disposable().execute();
        assertThatThrownBy(session.command("no-such-program")::execute).isInstanceOf(OperationFailedException.class);
        session.shell("x").start();

        assertThat(session.image().uuid()).isEqualTo(image(0));
        assertThat(session.history()).hasSize(1);
    }

    @Test
    void waitsForARunThatNobodyWaitedFor() {
        script.accepts(1, 2).ended(1, 0).ended(2, 0);

        session.shell("a").start();
        session.shell("b").start();

        assertThat(script.startedOn()).containsExactly(image(0).toString(), image(1).toString());
        assertThat(session.image().uuid()).isEqualTo(image(2));
    }

    @Test
    void aPreparedRunStartsFromWhereTheSessionIsThen() {
        script.accepts(1, 2).ended(1, 0).ended(2, 0);
        Run prepared = session.shell("date >> /log").env("A", "1");

        prepared.execute();
        prepared.execute();

        assertThat(script.startedOn()).containsExactly(image(0).toString(), image(1).toString());
    }

    @Test
    void runsOfManyThreadsComeAfterEachOther() throws Exception {
        script.accepts(1, 2, 3, 4);
        for (int n = 1; n <= 4; n++) {
            script.ended(n, 0);
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Object>> runs = java.util.stream.IntStream.range(0, 4)
                    .mapToObj(n -> threads.submit(
                            () -> (Object) session.shell("echo " + n).execute()))
                    .toList();
            for (Future<Object> run : runs) {
                run.get();
            }
        }
        assertThat(session.history())
                .extracting(Step::image)
                .containsExactly(image(0), image(1), image(2), image(3), image(4));
    }

    @Test
    void rollsBackAndForgets() {
        script.accepts(1, 2, 3).ended(1, 0).ended(2, 0).ended(3, 0);
        session.shell("a").execute();
        session.shell("b").execute();

        assertThat(session.rollback(1).uuid()).isEqualTo(image(1));
        session.shell("c").execute();

        assertThat(script.startedOn()).endsWith(image(1).toString());
        assertThat(session.history()).extracting(Step::image).containsExactly(image(0), image(1), image(3));
        assertThatThrownBy(() -> session.rollback(3))
                .isInstanceOf(SessionException.class)
                .hasMessage("could not go back 3 runs: branch \"main\" has 2");
        assertThatThrownBy(() -> session.rollback(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(session.rollback(2).uuid()).isEqualTo(image(0));
    }

    @Test
    void branchesAreIndependent() {
        script.accepts(1, 2, 3).ended(1, 0).ended(2, 0).ended(3, 0);
        session.shell("a").execute();
        Session other = session.branch("attempt/1");

        other.shell("b").execute();
        session.rollback(1);
        session.shell("c").execute();

        assertThat(other.history()).extracting(Step::image).containsExactly(image(0), image(1), image(2));
        assertThat(session.history()).extracting(Step::image).containsExactly(image(0), image(3));
        assertThat(session.branches()).containsExactly("main", "attempt/1");
        assertThat(session.currentBranch()).isEqualTo("main");
        assertThat(session.checkout("attempt/1").image().uuid()).isEqualTo(image(2));
        assertThat(session.currentBranch()).isEqualTo("attempt/1");
    }

    @Test
    void aRunAtWorkKeepsOtherBranchesFromNothing() {
        script.accepts(1, 2).ended(2, 0);
        script.server.on(status(1), Answer.hang());
        Session other = session.branch("other");
        session.shell("sleep 9").start();

        other.shell("x").execute();

        assertThat(other.image().uuid()).isEqualTo(image(2));
        assertThat(session.history()).hasSize(1);
        assertThatThrownBy(() -> other.deleteBranch("main")).hasMessageContaining("checked out");
    }

    @Test
    void saysWhatBranchesThereAre() {
        session.branch("a");

        assertThatThrownBy(() -> session.checkout("b"))
                .isInstanceOf(SessionException.class)
                .hasMessage("the session has no branch \"b\"; it has main, a");
        assertThatThrownBy(() -> session.branch("a"))
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("already");
        assertThatThrownBy(() -> session.branch("../x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> session.deleteBranch("main")).hasMessageContaining("check out another one first");
        session.deleteBranch("a");
        assertThat(session.branches()).containsExactly("main");
    }

    @Test
    void anInterruptedRunLeavesTheSessionWhereItWas() throws Exception {
        script.accepts(1);
        CountDownLatch asked = new CountDownLatch(1);
        script.server
                .on(
                        status(1),
                        connection -> {
                            asked.countDown();
                            Answer.hang().write(connection);
                        },
                        RunsOfScript.record(1, "CANCELLED", "null", 0))
                .on("DELETE /v1/operations/" + operation(1), Answer.status(202, "{}"));
        Execution execution = session.shell("sleep 9").start();
        Thread waiting = Thread.ofVirtual()
                .start(() -> assertThatThrownBy(execution::await).isInstanceOf(CallInterruptedException.class));
        asked.await();
        waiting.interrupt();
        waiting.join();

        assertThat(session.image().uuid()).isEqualTo(image(0));
        assertThat(script.server.lines()).contains("DELETE /v1/operations/" + operation(1));
    }

    @Test
    void isResumedFromAFile(@TempDir Path directory) {
        Path file = directory.resolve("deep/agent.json");
        script.accepts(1, 2).ended(1, 0).ended(2, 0);
        Session first = script.contree.images().use(image(0)).session(SessionStore.file(file));
        first.shell("a").execute();
        first.branch("b");
        first.checkout("b");

        Session resumed = script.contree.session(SessionStore.file(file));

        assertThat(resumed.currentBranch()).isEqualTo("b");
        resumed.shell("b").execute();
        assertThat(first.history()).isEqualTo(resumed.history()).hasSize(3);
        assertThat(script.contree
                        .images()
                        .use(image(9))
                        .session(SessionStore.file(file))
                        .history())
                .as("an image is for an empty store only")
                .hasSize(3);
    }

    @Test
    void findsOutHowARunEndedThatWasAtWorkInACrash(@TempDir Path directory) {
        Path file = directory.resolve("agent.json");
        script.accepts(1).ended(1, 7);
        script.contree
                .images()
                .use(image(0))
                .session(SessionStore.file(file))
                .shell("make")
                .start(); // and the process is gone

        Session resumed = script.contree.session(SessionStore.file(file));

        assertThat(resumed.history()).hasSize(1);
        assertThat(resumed.image().uuid()).isEqualTo(image(1));
        assertThat(resumed.history().get(1).command()).contains("make");
        assertThat(resumed.history().get(1).exitCode()).isEqualTo(7);
    }

    @Test
    void aRunThatTheServerForgotIsAbandonedOnlyOnDemand() {
        script.accepts(1);
        script.server
                .on(status(1), Answer.status(404, "{\"error\": \"no such operation\", \"status\": 404}"))
                .on("DELETE /v1/operations/" + operation(1), Answer.status(404, "{}"));
        session.shell("x").start();

        assertThatThrownBy(session::image).isInstanceOf(SessionException.class).hasMessageContaining("abandon()");
        session.abandon();

        assertThat(session.image().uuid()).isEqualTo(image(0));
    }

    @Test
    void cancelsARunThatItCannotRemember(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("agent.json");
        Session kept = script.contree.images().use(image(0)).session(SessionStore.file(file));
        kept.image();
        script.server
                .on(RunsOfScript.SPAWN, connection -> {
                    Files.createDirectory(directory.resolve("agent.json.new"));
                    Files.writeString(directory.resolve("agent.json.new/in-the-way"), "");
                    Answer.status(201, "{\"uuid\": \"" + operation(1) + "\"}").write(connection);
                })
                .on("DELETE /v1/operations/" + operation(1), Answer.status(202, "{}"));

        assertThatThrownBy(kept.shell("x")::start)
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("could not keep the session in " + file);

        assertThat(script.server.lines()).endsWith("DELETE /v1/operations/" + operation(1));
    }

    @Test
    void theAsyncTwinMovesTheSameSession() throws Exception {
        script.accepts(1, 2).ended(1, 0).ended(2, 0);
        SessionStore store = SessionStore.memory();
        AsyncSession async = script.contree.async().images().use(image(0)).session(store);

        async.shell("a").execute().get();
        AsyncSession other = async.branch("b").get();
        other.shell("b").execute().get();

        assertThat(script.startedOn()).containsExactly(image(0).toString(), image(1).toString());
        assertThat(async.history().get()).hasSize(2);
        assertThat(script.contree.session(store).checkout("b").history()).hasSize(3);
    }

    @Test
    void anEmptyStoreHasNothingToResume() {
        assertThatThrownBy(() -> script.contree.session(SessionStore.memory()))
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("begin one");
    }
}
