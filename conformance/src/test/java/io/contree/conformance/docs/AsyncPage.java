package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.async.AsyncContree;
import io.contree.sdk.async.AsyncImage;
import io.contree.sdk.async.AsyncRunResult;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** docs/sdk/async.md. */
public interface AsyncPage extends DocsPage {
    @Test
    default void futures() {
        // docs: async
        try (AsyncContree contree = Contree.connect().async()) {
            contree.images()
                    .use("ubuntu:latest")
                    .shell("echo hello > /greeting")
                    .execute()
                    .thenCompose(
                            made -> made.image().command("cat", "/greeting").execute())
                    .thenAccept(read -> System.out.print(read.stdout())) // hello
                    .join();
        }
        // end
        assertThat(printed()).isEqualTo("hello\n");
    }

    @Test
    default void manyAtOnce() {
        AsyncContree contree = async();
        // docs: async-many
        AsyncImage ubuntu = contree.images().use("ubuntu:latest");
        List<CompletableFuture<AsyncRunResult>> runs = IntStream.range(0, 8)
                .mapToObj(n -> ubuntu.shell("echo " + n + " > /n; echo " + n).execute())
                .toList();
        for (CompletableFuture<AsyncRunResult> run : runs) {
            System.out.print(run.join().stdout());
        }
        // end
        assertThat(printed()).isEqualTo("0\n1\n2\n3\n4\n5\n6\n7\n");
    }

    @Test
    default void cancelling() {
        AsyncContree contree = async();
        // docs: async-cancel
        CompletableFuture<AsyncRunResult> run =
                contree.images().use("ubuntu:latest").command("sleep", "600").execute();
        run.cancel(true); // ends the run on the server too
        // end
        assertThatThrownBy(run::join).isInstanceOf(CancellationException.class);
    }

    @Test
    default void anythingElse() {
        AsyncContree contree = async();
        // docs: async-call
        CompletableFuture<List<Image>> images =
                contree.call(blocking -> blocking.images().list().toList());
        // end
        assertThat(images.join()).isNotEmpty();
    }

    @Test
    default void ownExecutor() {
        // docs: async-executor
        ExecutorService threads = Executors.newFixedThreadPool(4);
        Contree contree = Contree.builder().asyncExecutor(threads).build();
        // end
        try (contree;
                threads) {
            assertThat(contree.async().whoami().join().permissions()).isNotEmpty();
        }
    }
}
