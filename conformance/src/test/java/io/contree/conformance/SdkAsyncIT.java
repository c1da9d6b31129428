package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.OperationStatus;
import io.contree.sdk.Contree;
import io.contree.sdk.OperationCancelledException;
import io.contree.sdk.OperationQuery;
import io.contree.sdk.async.AsyncContree;
import io.contree.sdk.async.AsyncImage;
import io.contree.sdk.async.AsyncRun;
import io.contree.sdk.async.AsyncRunResult;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The client that does not wait, with the real server. */
class SdkAsyncIT extends ServerSuite {
    private AsyncContree async;
    private AsyncImage image;

    @BeforeAll
    void connect() throws IOException {
        async = Contree.builder()
                .baseUrl(server.uri().toString())
                .token(server.token())
                .build()
                .async();
        image = async.images().use("box:1");
    }

    @AfterAll
    void disconnect() {
        if (async != null) {
            async.close();
        }
    }

    @Test
    void theExamplesOfTheReadme() throws Exception {
        String output = async.images()
                .find("box:1")
                .thenCompose(
                        found -> found.shell("echo 'Hello from Contree!' > /f").execute())
                .thenCompose(first -> first.command("cat", "/f").execute())
                .thenApply(AsyncRunResult::stdout)
                .get(30, TimeUnit.SECONDS);

        assertThat(output).isEqualTo("Hello from Contree!\n");
    }

    @Test
    void oneRunExecutedManyTimesAtOnce() {
        AsyncRun run = image.shell("cat /proc/sys/kernel/random/uuid > /r");

        List<CompletableFuture<UUID>> images = IntStream.range(0, 5)
                .mapToObj(
                        i -> run.execute().thenCompose(result -> result.image().uuid()))
                .toList();

        assertThat(images.stream().map(CompletableFuture::join)).doesNotHaveDuplicates();
    }

    @Test
    void cancellingAFutureAtAnyMomentLeavesNoRun() throws Exception {
        for (int pause : new int[] {0, 5, 20, 60, 300}) {
            CompletableFuture<Integer> run =
                    image.command("sleep", "300").execute().thenApply(AsyncRunResult::exitCode);
            TimeUnit.MILLISECONDS.sleep(pause);
            run.cancel(true);
        }

        for (UUID operation : async.blocking()
                .operations()
                .list(OperationQuery.all())
                .map(o -> o.uuid())
                .toList()) {
            if (!async.blocking().operations().get(operation).status().isFinal()) {
                assertThatThrownBy(() -> async.operations().await(operation).get(20, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(OperationCancelledException.class);
            }
        }
        assertThat(async.blocking().operations().list(OperationQuery.all().status(OperationStatus.EXECUTING)))
                .isEmpty();
    }
}
