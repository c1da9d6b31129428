package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Contree;
import io.contree.sdk.DirectoryEntry;
import io.contree.sdk.FileContent;
import io.contree.sdk.Image;
import io.contree.sdk.async.AsyncContree;
import io.contree.sdk.async.AsyncImage;
import io.contree.sdk.async.AsyncRun;
import io.contree.sdk.async.AsyncRunResult;
import io.contree.sdk.async.AsyncSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** docs/sdk/python.md, the examples that do not wait. */
public interface PythonAsyncTwins extends DocsPage {
    @Test
    default void pythonAsyncQuickStart() {
        String token = token();
        // docs: py-async-quick-start
        try (AsyncContree contree = Contree.builder().token(token).build().async()) {
            AsyncImage image = contree.images().use("ubuntu:latest");
            image.shell("echo 'Hello from Contree!'")
                    .execute()
                    .thenAccept(result -> System.out.print(result.stdout()))
                    .join();
        }
        // end
        assertThat(printed()).isEqualTo("Hello from Contree!\n");
    }

    @Test
    default void pythonAsyncImages() {
        AsyncContree contree = async();
        // docs: py-async-images
        CompletableFuture<List<Image>> images =
                contree.call(blocking -> blocking.images().list().toList());
        AsyncImage ubuntu = contree.images().use("ubuntu:latest");
        CompletableFuture<AsyncImage> busybox = contree.images().oci("docker://docker.io/busybox:latest");
        // end
        assertThat(images.join())
                .extracting(Image::uuid)
                .contains(ubuntu.uuid().join(), busybox.join().uuid().join());
    }

    @Test
    default void pythonAsyncAdvanced() {
        AsyncImage ubuntu = async().images().use("ubuntu:latest");
        Path local = local();
        // docs: py-async-run
        CompletableFuture<AsyncRunResult> result0 = ubuntu.command("/app.sh", "arg1", "arg2")
                .stdin("input")
                .env("http_proxy", "http://10.20.30.40:1234")
                .file("/app.sh", FileContent.of(local.resolve("files/app.sh")).mode(0100))
                .file("/data.csv", local.resolve("files/data_ver1.csv"))
                .execute();
        result0.thenAccept(result -> System.out.print(result.stdout() + result.stderr()))
                .join();
        // end
        assertThat(printed()).isEqualTo("args=arg1 arg2\nstdin=input\nproxy=http://10.20.30.40:1234\na,b\n1,2\noops\n");
        // docs: py-async-next
        CompletableFuture<AsyncRunResult> result1 = result0.thenCompose(result ->
                result.image().shell("echo output.csv | grep something").execute());
        // end
        assertThat(result1.join().exitCode()).isEqualTo(1);
        assertThat(result1.join().imageUuid()).isEqualTo(result0.join().imageUuid());
        // docs: py-async-ls
        AsyncImage image = result1.join().image();
        List<DirectoryEntry> items = image.ls("files/path").join();
        System.out.println(items.size());
        for (DirectoryEntry item : image.ls("~").join()) {
            System.out.println(item.path() + " " + item.isDir());
            if (item.isRegular()) {
                image.download("~/" + item.path(), local.resolve("files/downloaded"))
                        .join();
            }
        }
        // end
        assertThat(printed()).endsWith("oops\n2\nnote.txt false\n");
    }

    @Test
    default void pythonAsyncVersions() {
        AsyncContree contree = async();
        // docs: py-async-versions
        AsyncImage image = contree.images().use("busybox:latest"); // busybox:latest
        CompletableFuture<AsyncRunResult> result1 = image.shell("apt update").execute(); // some UUID
        CompletableFuture<AsyncRunResult> result2 = result1.thenCompose(
                result -> result.shell("apt install python3").execute()); // another one
        // end
        assertThat(Set.of(image.uuid().join(), uuid(result1), uuid(result2))).hasSize(3);
    }

    private static Object uuid(CompletableFuture<AsyncRunResult> result) {
        return result.join().imageUuid().orElseThrow();
    }

    @Test
    default void pythonAsyncSession() throws IOException {
        AsyncImage busybox = async().images().use("busybox:latest");
        Path local = local();
        // docs: py-async-session
        AsyncSession session = busybox.session();
        session.command("/bin/app")
                .file("/bin/app", FileContent.of(local.resolve("files/app")).mode(0100))
                .execute()
                .thenCompose(ran -> session.command("cat", "result.txt").execute())
                .thenAccept(res -> System.out.print(res.stdout()))
                .thenCompose(ran -> session.download("/tmp/log.jsonl", local.resolve("logs/session_2.log")))
                .thenCompose(saved -> session.readText("/tmp/log.jsonl"))
                .thenAccept(System.out::print)
                .join();
        // end
        assertThat(printed()).isEqualTo("result\n{\"ok\": true}\n");
        assertThat(printed()).endsWith(Files.readString(local.resolve("logs/session_2.log")));
    }

    @Test
    default void pythonAsyncSessionVersions() {
        AsyncImage image = async().images().use("busybox:latest");
        // docs: py-async-session-versions
        AsyncSession session = image.session(); // busybox:latest
        session.shell("mkdir /app && touch /app/file1.txt")
                .execute() // some UUID
                .thenCompose(touched ->
                        session.shell("echo 'hello' > /app/file1.txt").execute()) // another one
                .join();
        // end
        assertThat(session.readText("/app/file1.txt").join()).isEqualTo("hello\n");
        assertThat(session.history().join()).hasSize(3);
    }

    @Test
    default void pythonAsyncIdentity() {
        AsyncImage image = async().images().use("ubuntu:latest");
        // docs: py-async-identity
        AsyncRunResult result0 =
                image.shell("echo CHANGES > file.txt").execute().join();
        AsyncRunResult result1 = result0.shell("sleep 1").execute().join();
        assert result1.imageUuid().equals(result0.imageUuid());
        // end
        assertThat(result1.imageUuid()).isPresent().isEqualTo(result0.imageUuid());
    }

    @Test
    default void pythonAsyncObjects() {
        AsyncContree contree = async();
        // docs: py-async-objects
        CompletableFuture<Integer> exitCode = contree.images()
                .find("ubuntu:latest")
                .thenCompose(image -> image.shell("some command").execute())
                .thenApply(AsyncRunResult::exitCode);
        // end
        assertThat(exitCode.join()).isEqualTo(127);
    }

    @Test
    default void pythonAsyncConfiguration() {
        String url = contree().baseUrl().toString();
        String token = token();
        // docs: py-async-config
        Contree.Builder config = Contree.builder()
                .token(token)
                .baseUrl(url)
                .requestTimeout(Duration.ofSeconds(10)); // for one request and its answer
        AsyncContree client = config.build().async();
        // end
        try (client) {
            assertThat(client.whoami().join().permissions()).isNotEmpty();
        }
    }

    @Test
    default void pythonAsyncPreparedRun() {
        AsyncContree contree = async();
        // docs: py-async-prepared
        AsyncImage image = contree.images().use("busybox:latest");
        AsyncRun prepared = image.shell("echo $RANDOM > /tmp/random.txt");
        CompletableFuture<AsyncRunResult> result1 = prepared.execute();
        CompletableFuture<AsyncRunResult> result2 = prepared.execute();
        CompletableFuture<AsyncRunResult> result3 = prepared.execute();
        // end
        assertThat(Set.of(uuid(result1), uuid(result2), uuid(result3))).hasSize(3);
    }

    @Test
    default void pythonAsyncUpload() {
        AsyncContree contree = async();
        Path local = local();
        // docs: py-async-upload
        contree.files()
                .upload(FileContent.of(local.resolve("files/data_ver1.csv")))
                .thenAccept(file -> System.out.println(file.uuid()))
                .join();
        // end
        assertThat(printed()).hasSize(37);
    }
}
