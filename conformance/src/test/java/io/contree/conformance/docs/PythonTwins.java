package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.FileRecord;
import io.contree.sdk.Contree;
import io.contree.sdk.DirectoryEntry;
import io.contree.sdk.FileContent;
import io.contree.sdk.Image;
import io.contree.sdk.Run;
import io.contree.sdk.RunResult;
import io.contree.sdk.session.Session;
import io.contree.sdk.session.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** docs/sdk/python.md, the examples that wait. */
public interface PythonTwins extends DocsPage {
    @Test
    default void pythonQuickStart() {
        String token = token();
        // docs: py-quick-start
        try (Contree contree = Contree.builder().token(token).build()) {
            Image image = contree.images().use("ubuntu:latest");
            RunResult result = image.shell("echo 'Hello from Contree!'").execute();
            System.out.print(result.stdout());
        }
        // end
        assertThat(printed()).isEqualTo("Hello from Contree!\n");
    }

    @Test
    default void pythonImages() {
        Contree contree = contree();
        // docs: py-images
        List<Image> images = contree.images().list().toList();
        Image ubuntu = contree.images().use("ubuntu:latest");
        Image busybox = contree.images().oci("docker://docker.io/busybox:latest");
        // end
        assertThat(images).extracting(Image::uuid).contains(ubuntu.uuid(), busybox.uuid());
    }

    @Test
    default void pythonAdvanced() {
        Image ubuntu = ubuntu();
        Path local = local();
        // docs: py-run
        RunResult result0 = ubuntu.command("/app.sh", "arg1", "arg2")
                .stdin("input")
                .env("http_proxy", "http://10.20.30.40:1234")
                .file("/app.sh", FileContent.of(local.resolve("files/app.sh")).mode(0100))
                .file("/data.csv", local.resolve("files/data_ver1.csv"))
                .execute();
        System.out.print(result0.stdout());
        System.out.print(result0.stderr());
        // end
        assertThat(printed()).isEqualTo("args=arg1 arg2\nstdin=input\nproxy=http://10.20.30.40:1234\na,b\n1,2\noops\n");
        // docs: py-next
        RunResult result1 = result0.shell("echo output.csv | grep something").execute();
        // end
        assertThat(result1.exitCode()).isEqualTo(1);
        assertThat(result1.imageUuid()).isEqualTo(result0.imageUuid());
        // docs: py-ls
        Image image = result1.image();
        System.out.println(image.ls("files/path").size());
        for (DirectoryEntry item : image.ls("~")) {
            System.out.println(item.path() + " " + item.isDir());
            if (item.isRegular()) {
                image.download("~/" + item.path(), local.resolve("files/downloaded"));
            }
        }
        // end
        assertThat(printed()).endsWith("oops\n2\nnote.txt false\n");
        assertThat(local.resolve("files/downloaded/note.txt")).hasContent("home");
    }

    @Test
    default void pythonVersions() {
        Contree contree = contree();
        // docs: py-versions
        Image image = contree.images().use("busybox:latest"); // busybox:latest
        RunResult result1 = image.shell("apt update").execute(); // some UUID
        RunResult result2 = result1.shell("apt install python3").execute(); // another one
        // end
        assertThat(Set.of(image.uuid(), result1.image().uuid(), result2.image().uuid()))
                .hasSize(3);
        assertThat(result2.image().shell("cat build.log").execute().stdout())
                .isEqualTo("apt update\napt install python3\n");
    }

    @Test
    default void pythonSession() throws IOException {
        Image busybox = contree().images().use("busybox:latest");
        Path local = local();
        // docs: py-session
        Session session = busybox.session();
        session.command("/bin/app")
                .file("/bin/app", FileContent.of(local.resolve("files/app")).mode(0100))
                .execute();
        RunResult res = session.command("cat", "result.txt").execute();
        System.out.print(res.stdout());
        session.download("/tmp/log.jsonl", local.resolve("logs/session_1.log"));
        String content = session.readText("/tmp/log.jsonl");
        System.out.print(content);
        // end
        assertThat(printed()).isEqualTo("result\n{\"ok\": true}\n");
        assertThat(Files.readString(local.resolve("logs/session_1.log"))).isEqualTo(content);
    }

    @Test
    default void pythonSessionVersions() {
        Image image = contree().images().use("busybox:latest");
        // docs: py-session-versions
        Session session = image.session(); // busybox:latest
        session.shell("mkdir /app && touch /app/file1.txt").execute(); // some UUID
        session.shell("echo 'hello' > /app/file1.txt").execute(); // another one
        // end
        assertThat(session.history())
                .extracting(Step::image)
                .doesNotHaveDuplicates()
                .hasSize(3);
        assertThat(session.readText("/app/file1.txt")).isEqualTo("hello\n");
    }

    @Test
    default void pythonIdentity() {
        Image image = ubuntu();
        // docs: py-identity
        RunResult result0 = image.shell("echo CHANGES > file.txt").execute();
        RunResult result1 = result0.shell("sleep 1").execute();
        assert result1.image().uuid().equals(result0.image().uuid());
        // end
        assertThat(result1.imageUuid()).isEqualTo(result0.imageUuid());
        assertThat(result0.image().uuid()).isNotEqualTo(image.uuid());
    }

    @Test
    default void pythonObjects() {
        String token = token();
        // docs: py-objects
        try (Contree contree = Contree.builder().token(token).build()) {
            List<Image> images = contree.images().list().toList();
            RunResult result = images.get(0).shell("some command").execute();
            System.out.println(result.exitCode());
        }
        // end
        assertThat(printed()).isEqualTo("127\n");
    }

    @Test
    default void pythonConfiguration() {
        String url = contree().baseUrl().toString();
        String token = token();
        // docs: py-config
        Contree.Builder config = Contree.builder()
                .token(token)
                .baseUrl(url)
                .requestTimeout(Duration.ofSeconds(10)); // for one request and its answer
        Contree client = config.build();
        // end
        try (client) {
            assertThat(client.baseUrl()).isEqualTo(contree().baseUrl());
        }
    }

    @Test
    default void pythonPreparedRun() {
        Contree contree = contree();
        // docs: py-prepared
        Image image = contree.images().use("busybox:latest");
        Run prepared = image.shell("echo $RANDOM > /tmp/random.txt");
        RunResult result1 = prepared.execute();
        RunResult result2 = prepared.execute();
        RunResult result3 = prepared.execute();
        // end
        assertThat(Set.of(result1.imageUuid(), result2.imageUuid(), result3.imageUuid()))
                .hasSize(3);
    }

    @Test
    default void pythonUpload() {
        Contree contree = contree();
        Path local = local();
        // docs: py-upload
        FileRecord file = contree.files().upload(FileContent.of(local.resolve("files/data_ver1.csv")));
        System.out.println(file.uuid());
        // end
        assertThat(printed()).isEqualTo(file.uuid() + "\n");
    }
}
