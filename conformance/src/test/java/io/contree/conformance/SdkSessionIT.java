package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.Contree;
import io.contree.sdk.Execution;
import io.contree.sdk.OperationFailedException;
import io.contree.sdk.session.Session;
import io.contree.sdk.session.SessionStore;
import io.contree.sdk.session.Step;
import io.contree.testkit.LeakChecked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Sessions of the Java SDK on the real server. */
@LeakChecked
class SdkSessionIT extends ServerSuite {
    @Test
    void movesForwardWithEachRun() {
        Session session = contree.images().use("box:1").session();

        session.shell("mkdir /app && echo 1 > /app/n").execute();
        session.shell("echo 2 >> /app/n; exit 3").execute();
        UUID before = session.image().uuid();
        session.command("cat", "/app/n").execute();
        session.shell("rm -r /app").disposable().execute();
        assertThatThrownBy(session.command("/no/such/program")::execute).isInstanceOf(OperationFailedException.class);
        session.shell("sleep 60; echo 3 > /app/n")
                .timeout(Duration.ofSeconds(1))
                .execute();

        assertThat(session.readText("/app/n")).isEqualTo("1\n2\n");
        assertThat(session.image().uuid()).as("nothing changed any more").isEqualTo(before);
        assertThat(session.history()).extracting(Step::exitCode).containsExactly(0, 0, 3, 0, -1);
        assertThat(session.ls("/app")).hasSize(1);
        assertThat(session.exists("/nowhere")).isFalse();
    }

    @Test
    void branchesAndRollsBackToTheSameStates() {
        Session session = contree.images().use("box:1").session();
        UUID begin = session.image().uuid();
        session.shell("echo a > /a").execute();
        UUID first = session.image().uuid();
        Session left = session.branch("left");

        left.shell("echo left > /side").execute();
        session.shell("echo right > /side").execute();

        assertThat(left.readText("/side")).isEqualTo("left\n");
        assertThat(session.readText("/side")).isEqualTo("right\n");
        assertThat(session.rollback(1).uuid()).isEqualTo(first);
        assertThat(session.rollback(1).uuid()).isEqualTo(begin);
        assertThat(session.checkout("left").readText("/side")).isEqualTo("left\n");
    }

    @Test
    void eightThreadsOnOneSessionMakeOneLine() {
        Session session = contree.images().use("box:1").session();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int n = 0; n < 8; n++) {
                int mine = n;
                threads.execute(() -> session.shell("echo " + mine + " >> /log").execute());
            }
        }
        assertThat(session.readText("/log").lines().sorted()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7");
        assertThat(session.history()).hasSize(9);
    }

    @Test
    void resumesWithTheRunThatWasAtWork() throws Exception {
        SessionStore store = SessionStore.file(home.resolve("agent.json"));
        try (Contree crashed = server.connect()) {
            Session session = crashed.images().use("box:1").session(store);
            session.shell("echo 1 > /n").execute();
            session.shell("sleep 1; echo 2 >> /n").start();
        }
        Session resumed = contree.session(SessionStore.file(home.resolve("agent.json")));

        assertThat(resumed.history()).hasSize(2);
        assertThat(resumed.readText("/n")).isEqualTo("1\n2\n");
        assertThat(resumed.history()).hasSize(3);
    }

    @Test
    void anAbandonedRunIsCancelled() {
        Session session = contree.images().use("box:1").session();
        Execution execution = session.shell("echo 1 > /n; sleep 60").start();

        session.abandon();

        assertThat(session.exists("/n")).isFalse();
        assertThatThrownBy(execution::await).hasMessageContaining("cancelled");
    }

    @Test
    void survivesTheServersEnd() throws Exception {
        Path data = Files.createDirectory(home.resolve("mortal"));
        SessionStore store = SessionStore.file(data.resolve("agent.json"));
        TestServer first = TestServer.start(data);
        try (Contree client = first.connect()) {
            Session session =
                    client.images().importFrom("rootfs:" + root).execute().session(store);
            session.shell("echo kept > /n").execute();
            session.shell("echo lost > /n; sleep 60").start();
        } finally {
            first.killHard();
        }
        try (TestServer second = TestServer.start(data);
                Contree client = second.connect()) {
            Session resumed = client.session(store);
            assertThat(resumed.readText("/n")).isEqualTo("kept\n");
            assertThat(List.copyOf(resumed.branches())).containsExactly("main");
        }
    }
}
