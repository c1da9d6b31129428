package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.RunResult;
import io.contree.testkit.RootFs;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * One server for all tests of a class, with a busybox image that is imported as {@code box:1}. Tests about the wire use
 * {@code api}, all others the client.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServerSuite {
    Path home;

    TestServer server;
    Api api;
    Contree contree;
    Path root;
    Image busybox;
    String box;

    @BeforeAll
    void startServer(@TempDir Path directory) throws Exception {
        home = home(directory);
        root = home.resolve("root");
        RootFs.busybox(root);
        server = movesMuch() ? TestServer.startForMuch(home, options()) : TestServer.start(home, options());
        api = server.api();
        contree = server.connect();
        busybox = contree.images().importFrom("rootfs:" + root).tag("box:1").execute();
        box = busybox.uuid().toString();
    }

    /** The state that a shell expression leaves, which must succeed. */
    static Image after(Image image, String command) {
        RunResult result = image.shell(command).execute();
        assertThat(result.exitCode()).as(command + ": " + result.stderr()).isZero();
        return result.image();
    }

    /** Where the server keeps everything; it is removed at the end. */
    Path home(Path directory) throws Exception {
        return directory;
    }

    /** True if hundreds of megabytes go through the server. */
    boolean movesMuch() {
        return false;
    }

    /** Further flags of the server. */
    String[] options() {
        return new String[0];
    }

    @AfterAll
    void stopServer() {
        if (contree != null) {
            contree.close();
        }
        if (server != null) {
            server.close();
        }
    }
}
