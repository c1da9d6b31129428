package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.LimitReached;
import io.contree.sdk.Contree;
import io.contree.sdk.Execution;
import io.contree.sdk.FileContent;
import io.contree.sdk.Image;
import io.contree.sdk.Run;
import io.contree.sdk.RunResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** docs/sdk/runs.md. */
public interface RunsPage extends DocsPage {
    @Test
    default void commandAndShell() {
        Image ubuntu = ubuntu();
        // docs: runs
        RunResult listed = ubuntu.command("ls", "-l", "/etc").execute(); // a program and its arguments
        RunResult counted = ubuntu.shell("ls /etc | wc -l").execute(); // an expression for /bin/sh
        System.out.println(listed.exitCode() + " " + counted.stdout().strip());
        // end
        assertThat(printed()).matches("0 \\d+\n");
    }

    @Test
    default void settings() {
        Image ubuntu = ubuntu();
        // docs: runs-settings
        RunResult result = ubuntu.command("sh", "-c", "cat; echo $GREETING from $(id -u) in $(pwd)")
                .stdin("input\n")
                .env("GREETING", "hello")
                .cwd("/srv/app") // made if it is not there
                .user(1000, 1000)
                .hostname("builder")
                .timeout(Duration.ofMinutes(2))
                .outputLimit(64 * 1024) // bytes of each stream that are kept
                .maxLayerBytes(512L << 20) // bytes that it may write
                .execute();
        // end
        assertThat(result.stdout()).isEqualTo("input\nhello from 1000 in /srv/app\n");
    }

    @Test
    default void files() {
        Image ubuntu = ubuntu();
        Path local = local();
        // docs: runs-files
        RunResult result = ubuntu.command("/app.sh", "arg")
                .file("/app.sh", local.resolve("files/app.sh")) // with its own permission bits
                .file("/data.csv", FileContent.of("a,b\n1,2\n").mode(0640).owner(0, 100))
                .execute();
        // end
        assertThat(result.stdout()).contains("args=arg\n").endsWith("a,b\n1,2\n");
        assertThat(result.image().ls("/").stream().filter(entry -> entry.path().equals("data.csv")))
                .singleElement()
                .satisfies(entry -> assertThat(entry.permissions()).isEqualTo(0640));
    }

    @Test
    default void results() {
        Image ubuntu = ubuntu();
        // docs: runs-result
        RunResult result = ubuntu.shell("echo out; echo err >&2; exit 3").execute();
        System.out.print(result.stdout() + result.stderr());
        System.out.println(result.exitCode() + " " + result.succeeded()); // 3 false: an exit code is no exception
        System.out.println(
                result.duration().toMillis() + " ms, " + result.usage().maxRss() + " KiB");
        Image next = result.image(); // the state that it left
        // end
        assertThat(printed()).startsWith("out\nerr\n3 false\n");
        assertThat(next.uuid()).isEqualTo(ubuntu.uuid());
    }

    @Test
    default void timeouts() {
        Image ubuntu = ubuntu();
        // docs: runs-timeout
        RunResult result = ubuntu.shell("echo begun > /log; sleep 600")
                .timeout(Duration.ofSeconds(1))
                .execute();
        System.out.println(
                result.timedOut() + " " + result.image().readText("/log").strip()); // true begun
        // end
        assertThat(printed()).isEqualTo("true begun\n");
    }

    @Test
    default void limits() {
        Image ubuntu = ubuntu();
        // docs: runs-limits
        RunResult result = ubuntu.shell("seq 100000").outputLimit(1000).execute();
        for (LimitReached met : result.limits()) {
            System.out.println(met.limit() + ": " + met.peak() + " of " + met.allowed() + " " + met.unit());
        }
        // end
        assertThat(printed()).isEqualTo("OUTPUT: 588895 of 1000 bytes\n");
    }

    @Test
    default void disposable() {
        Image ubuntu = ubuntu();
        // docs: runs-disposable
        RunResult result = ubuntu.shell("rm -rf /usr; ls /").disposable().execute();
        System.out.println(result.imageUuid().isPresent()); // false: the state is thrown away
        // end
        assertThat(printed()).isEqualTo("false\n");
        assertThat(result.stdout()).doesNotContain("usr");
    }

    @Test
    default void withAnotherRuntime() {
        Contree contree = contree();
        Image ubuntu = ubuntu();
        // docs: runs-runtime
        String usual =
                contree.whoami().runtimes().get(0); // of a run that names none; those that follow may be named too
        RunResult result = ubuntu.command("uname", "-r").runtime(usual).execute();
        System.out.println(result.runtime().orElse("?")); // native, say
        // end
        assertThat(printed()).isEqualTo(usual + "\n");
    }

    @Test
    default void answeredByAnEqualRun() {
        Image ubuntu = ubuntu();
        // docs: runs-cache
        Run expensive = ubuntu.shell("seq 1000000 | sha256sum").networking(false);
        RunResult ran = expensive.cache().execute();
        RunResult answered = expensive.cache().execute(); // nothing runs: the record of the first one answers
        System.out.println(answered.cachedFrom().isPresent()); // true, and names the first one
        // end
        assertThat(printed()).isEqualTo("true\n");
        assertThat(answered.cachedFrom()).contains(ran.operation().uuid());
        assertThat(answered.stdout()).isEqualTo(ran.stdout());
    }

    @Test
    default void prepared() {
        Image ubuntu = ubuntu();
        // docs: runs-prepared
        Run measure = ubuntu.shell("echo $RANDOM$RANDOM > /random").timeout(Duration.ofSeconds(30));
        Set<UUID> states = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            states.add(measure.env("ROUND", "" + i).execute().image().uuid()); // each from the same image
        }
        System.out.println(states.size()); // 3
        // end
        assertThat(printed()).isEqualTo("3\n");
    }

    @Test
    default void environmentThatStays() {
        Image ubuntu = ubuntu();
        // docs: runs-preserve
        Image configured = ubuntu.command("true")
                .env(Map.of("LANG", "C.UTF-8", "CI", "1"))
                .cwd("/srv")
                .preserveEnv()
                .preserveCwd()
                .execute()
                .image();
        System.out.println(configured.shell("echo $CI in $(pwd)").execute().stdout()); // 1 in /srv
        // end
        assertThat(printed().strip()).isEqualTo("1 in /srv");
    }

    @Test
    default void chained() {
        Image ubuntu = ubuntu();
        // docs: runs-chain
        RunResult built = ubuntu.command("make").tag("app:built").execute(); // names the state that it leaves
        RunResult tested = built.command("make", "test").execute(); // on that state, as built.image().command(…)
        System.out.println(tested.outcome()); // SUCCEEDED; or FAILED, SIGNALLED, OUT_OF_MEMORY, TIMED_OUT
        // end
        assertThat(printed()).isEqualTo("SUCCEEDED\n");
        assertThat(built.image().tag()).contains("app:built");
    }

    @Test
    default void started() {
        Image ubuntu = ubuntu();
        // docs: runs-start
        Execution execution = ubuntu.command("sleep", "600").start(); // returns when the server has accepted it
        System.out.println("operation " + execution.operation());
        execution.cancel();
        // end
        assertThat(printed()).isEqualTo("operation " + execution.operation() + "\n");
    }
}
