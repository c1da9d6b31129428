package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.OperationEvent;
import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.sdk.Contree;
import io.contree.sdk.EventStream;
import io.contree.sdk.Execution;
import io.contree.sdk.Image;
import io.contree.sdk.Operation;
import io.contree.sdk.OperationQuery;
import io.contree.sdk.OutputListener;
import io.contree.sdk.RunResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** docs/sdk/output-and-events.md. */
public interface OutputPage extends DocsPage {
    @Test
    default void following() {
        Image ubuntu = ubuntu();
        // docs: output-follow
        RunResult result = ubuntu.shell("for i in 1 2 3; do echo line $i; done")
                .start()
                .follow(new OutputListener() {
                    @Override
                    public void stdout(byte[] bytes) {
                        System.out.writeBytes(bytes);
                    }

                    @Override
                    public void stderr(byte[] bytes) {
                        System.err.writeBytes(bytes);
                    }
                });
        // end
        assertThat(printed()).isEqualTo("line 1\nline 2\nline 3\n");
        assertThat(result.succeeded()).isTrue();
    }

    @Test
    default void streams() throws IOException {
        Image ubuntu = ubuntu();
        // docs: output-stream
        Execution execution =
                ubuntu.shell("for i in 1 2 3; do echo line $i; done").start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(execution.stdout(), StandardCharsets.UTF_8))) {
            System.out.println(lines.readLine()); // line 1, while it runs
        }
        // end
        assertThat(printed()).isEqualTo("line 1\n");
    }

    @Test
    default void truncated() {
        Image ubuntu = ubuntu();
        // docs: output-truncated
        RunResult result =
                ubuntu.shell("head -c 100000 /dev/zero").outputLimit(1000).execute();
        System.out.println(result.stdoutBytes().length + " " + result.truncated()); // 1000 true
        // end
        assertThat(printed()).isEqualTo("1000 true\n");
    }

    @Test
    default void events() {
        Image ubuntu = ubuntu();
        // docs: output-events
        Execution execution = ubuntu.shell("echo hello; exit 3").start();
        try (EventStream events = execution.events()) {
            while (events.hasNext()) { // false after the end of the run
                OperationEvent event = events.next();
                System.out.println(event.id() + " " + event.type() + " " + event.data());
            }
        }
        // end
        assertThat(printed()).contains(" stdout ", " exit ", " completion ");
    }

    @Test
    default void operations() {
        Contree contree = contree();
        UUID uuid = ubuntu().command("sleep", "600").start().operation();
        // docs: operations
        Operation operation = contree.operations().get(uuid); // of any client of the project
        System.out.println(operation.status()); // such as EXECUTING
        contree.operations().cancel(uuid);
        contree.operations()
                .list(OperationQuery.all().kind(OperationKind.INSTANCE).status(OperationStatus.FAILED))
                .limit(10)
                .forEach(failed -> System.out.println(failed.uuid() + " " + failed.error()));
        // end
        assertThat(printed()).isNotBlank();
    }

    @Test
    default void waitingForOperations() {
        Contree contree = contree();
        UUID uuid = ubuntu().command("true").start().operation();
        // docs: operations-wait
        Operation ended = contree.operations().await(uuid, Duration.ofMinutes(1));
        System.out.println(ended.status()); // SUCCESS
        // end
        assertThat(printed()).isEqualTo("SUCCESS\n");
    }
}
