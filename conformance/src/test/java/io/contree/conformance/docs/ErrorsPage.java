package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.CallInterruptedException;
import io.contree.sdk.Contree;
import io.contree.sdk.ContreeClientException;
import io.contree.sdk.Image;
import io.contree.sdk.NotFoundException;
import io.contree.sdk.OperationFailedException;
import io.contree.sdk.RunResult;
import io.contree.sdk.UnavailableException;
import io.contree.sdk.WaitTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** docs/sdk/errors.md. */
public interface ErrorsPage extends DocsPage {
    @Test
    default void kinds() {
        Contree contree = contree();
        // docs: errors
        try {
            contree.images().use("no-such-image:1").command("true").execute();
        } catch (NotFoundException e) {
            System.out.println("import it first: " + e.getMessage());
        } catch (UnavailableException e) {
            System.out.println("again in " + e.retryAfter().orElse(Duration.ofSeconds(1)));
        } catch (ContreeClientException e) {
            System.out.println("could not run: " + e.getMessage());
        }
        // end
        assertThat(printed()).startsWith("import it first: ").contains("no-such-image:1");
    }

    @Test
    default void failedOrExited() {
        Image ubuntu = ubuntu();
        // docs: errors-exit
        RunResult result = ubuntu.shell("no-such-program").execute();
        System.out.println(result.exitCode()); // 127: the shell ran, and says so
        try {
            ubuntu.command("no-such-program").execute();
        } catch (OperationFailedException e) {
            System.out.println(e.getMessage()); // there was nothing to run
        }
        // end
        assertThat(printed()).startsWith("127\n").contains("spawn failed");
    }

    @Test
    default void waiting() {
        Image ubuntu = ubuntu();
        // docs: errors-wait
        try {
            ubuntu.command("sleep", "600").start().await(Duration.ofSeconds(1));
        } catch (WaitTimeoutException e) {
            System.out.println("cancelled: " + e.operation());
        }
        // end
        assertThat(printed()).startsWith("cancelled: ");
    }

    @Test
    default void interrupting() throws InterruptedException {
        Image ubuntu = ubuntu();
        // docs: errors-interrupt
        Thread worker = Thread.startVirtualThread(() -> {
            try {
                ubuntu.command("sleep", "600").execute();
            } catch (CallInterruptedException e) {
                System.out.println("interrupted; the run is cancelled too");
            }
        });
        worker.interrupt();
        worker.join();
        // end
        assertThat(printed()).isEqualTo("interrupted; the run is cancelled too\n");
    }

    @Test
    default void unreachable() {
        try (Contree nobody =
                Contree.builder().baseUrl("http://127.0.0.1:9").token("t").build()) {
            assertThatThrownBy(nobody::whoami).isInstanceOf(UnavailableException.class);
        }
    }
}
