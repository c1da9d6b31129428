package io.contree.conformance;

import io.contree.testkit.RootFs;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One server for all tests of a class, with a busybox image that is imported as {@code box:1}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServerSuite {
    Path home;

    TestServer server;
    Api api;
    Path root;
    String box;

    @BeforeAll
    void startServer(@TempDir Path directory) throws Exception {
        home = directory;
        root = home.resolve("root");
        RootFs.busybox(root);
        server = TestServer.start(home, options());
        api = server.api();
        box = api.importImage("rootfs:" + root, "box:1");
    }

    /** Further flags of the server. */
    String[] options() {
        return new String[0];
    }

    @AfterAll
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }
}
