package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.conformance.docs.AsyncPage;
import io.contree.conformance.docs.ConnectingPage;
import io.contree.conformance.docs.ErrorsPage;
import io.contree.conformance.docs.FanOutPage;
import io.contree.conformance.docs.FilesPage;
import io.contree.conformance.docs.FilesystemPage;
import io.contree.conformance.docs.ImagesPage;
import io.contree.conformance.docs.IndexPage;
import io.contree.conformance.docs.OutputPage;
import io.contree.conformance.docs.ProcessesPage;
import io.contree.conformance.docs.PythonAsyncTwins;
import io.contree.conformance.docs.PythonTwins;
import io.contree.conformance.docs.RunsPage;
import io.contree.conformance.docs.SessionsPage;
import io.contree.sdk.Contree;
import io.contree.testkit.LeakChecked;
import io.contree.testkit.LoopbackRegistry;
import io.contree.testkit.RootFs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every Java snippet of docs/sdk and README.md on the real server. There is no internet, so the images of Docker Hub that
 * they name are here already under their tags.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@LeakChecked
class SdkDocsIT
        implements IndexPage,
                ConnectingPage,
                ImagesPage,
                RunsPage,
                FilesPage,
                FilesystemPage,
                OutputPage,
                AsyncPage,
                ErrorsPage,
                FanOutPage,
                SessionsPage,
                ProcessesPage,
                PythonTwins,
                PythonAsyncTwins {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream console = System.out;
    private final String userHome = System.getProperty("user.home");

    private TestServer server;
    private LoopbackRegistry registry;
    private String registryImage;
    private Contree contree;
    private Path local;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        Path root = RootFs.busybox(home.resolve("root"));
        for (String tool : List.of("apt", "apt-get", "make")) {
            script(root.resolve("usr/bin").resolve(tool), "echo " + tool + " $* >> build.log");
        }
        Files.writeString(root.resolve("etc/os-release"), "ID=ubuntu\n");
        Files.writeString(Files.createDirectory(root.resolve("etc/ssh")).resolve("sshd.conf"), "Port 22\n");
        registry = LoopbackRegistry.open();
        registryImage = "docker://" + RegistryImage.push(registry, root, "team/app", home);
        server = TestServer.start(home);
        // Where connect() looks when nothing is set.
        Files.createDirectory(home.resolve(".config"));
        Files.createSymbolicLink(home.resolve(".config/contree"), server.profile());
        System.setProperty("user.home", home.toString());
        contree = Contree.connect();
        for (String tag : List.of("ubuntu:latest", "busybox:latest")) {
            contree.images().importFrom("rootfs:" + root).tag(tag).execute();
        }
        local = localFiles(home.resolve("local"));
    }

    private static Path localFiles(Path local) throws IOException {
        Path files = Files.createDirectories(local.resolve("files"));
        Files.createDirectories(local.resolve("logs"));
        Files.createDirectories(files.resolve("downloaded"));
        script(files.resolve("app.sh"), """
                echo "args=$*"; echo "stdin=$(cat)"; echo "proxy=$http_proxy"; cat /data.csv; echo oops >&2
                mkdir -p /files/path; echo one > /files/path/one; echo two > /files/path/two; echo home > /root/note.txt
                """);
        Files.writeString(files.resolve("data_ver1.csv"), "a,b\n1,2\n");
        script(files.resolve("app"), "cd /; echo result > result.txt; echo '{\"ok\": true}' > /tmp/log.jsonl");
        return local;
    }

    private static void script(Path path, String commands) throws IOException {
        Files.writeString(path, "#!/bin/sh\n" + commands + "\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterAll
    void stop() throws IOException {
        System.setProperty("user.home", userHome);
        if (contree != null) {
            assertThat(contree.operations()
                            .list()
                            .filter(operation -> !operation.status().isFinal()))
                    .as("runs that a snippet left behind")
                    .isEmpty();
            contree.close();
        }
        if (server != null) {
            server.close();
        }
        if (registry != null) {
            registry.close();
        }
    }

    @BeforeEach
    void listen() {
        printed.reset();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void fallSilent() {
        System.setOut(console);
    }

    @Override
    public Contree contree() {
        return contree;
    }

    @Override
    public String token() {
        try {
            return server.token();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Path local() {
        return local;
    }

    @Override
    public String registryImage() {
        return registryImage;
    }

    @Override
    public String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
