package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Contree;
import io.contree.sdk.RunResult;
import io.contree.sdk.async.AsyncContree;
import io.contree.sdk.async.AsyncSession;
import io.contree.sdk.session.Session;
import io.contree.sdk.session.SessionStore;
import io.contree.sdk.session.Step;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/sdk/sessions.md. */
public interface SessionsPage extends DocsPage {
    @Test
    default void sessions() {
        Contree contree = contree();
        // docs: sessions
        Session session = contree.images().use("ubuntu:latest").session();
        session.shell("apt-get update && apt-get install -y gcc").execute();
        RunResult built = session.command("make").cwd("/src").execute(); // sees what the run before it left
        System.out.println(session.readText("/src/build.log"));
        // end
        assertThat(built.succeeded()).isTrue();
        assertThat(printed().strip()).isEqualTo("make");
    }

    @Test
    default void sessionBranches() {
        Session session = ubuntu().session();
        session.shell("echo 1 > /notes").execute();
        // docs: sessions-branches
        Session attempt = session.branch("attempt"); // a session on a new branch; this one stays where it is
        attempt.shell("echo 'with -O3' >> /notes && make test").execute();
        session.checkout("attempt"); // as git checkout
        session.rollback(1); // one run back; asks nothing of the server
        for (Step step : session.history()) {
            System.out.println(
                    step.image() + " " + step.exitCode() + " " + step.command().orElse("(begin)"));
        }
        // end
        assertThat(printed()).endsWith(" 0 echo 1 > /notes\n");
        assertThat(session.readText("/notes")).isEqualTo("1\n");
    }

    @Test
    default void sessionsOnDisk() {
        Contree contree = contree();
        Path local = local();
        // docs: sessions-file
        SessionStore store = SessionStore.file(local.resolve("agent.json"));
        Session session = contree.images().use("ubuntu:latest").session(store); // resumes if the file is there
        // end
        session.shell("echo 1 > /n").execute();
        assertThat(contree.session(SessionStore.file(local.resolve("agent.json")))
                        .readText("/n"))
                .isEqualTo("1\n");
    }

    @Test
    default void sessionsAsync() {
        AsyncContree contree = async();
        // docs: sessions-async
        AsyncSession session = contree.images().use("ubuntu:latest").session();
        session.shell("echo 1 > /n")
                .execute()
                .thenCompose(ran -> session.readText("/n"))
                .thenAccept(System.out::print) // 1
                .join();
        // end
        assertThat(printed()).isEqualTo("1\n");
    }
}
