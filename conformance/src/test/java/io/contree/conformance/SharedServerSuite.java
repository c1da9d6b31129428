package io.contree.conformance;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A suite that neither counts nor limits what a server has, and so shares the one of {@link SharedServer}. */
@ExtendWith(SharedServer.Extension.class)
abstract class SharedServerSuite extends ServerSuite {
    SharedServer shared;

    @Override
    @BeforeAll
    void startServer(@TempDir Path directory) throws Exception {
        home = directory;
        root = shared.root();
        server = shared.server();
        api = server.api();
        contree = server.connect();
        busybox = contree.images().find("box:1");
        box = busybox.uuid().toString();
    }

    @Override
    @AfterAll
    void stopServer() {
        if (contree != null) {
            contree.close();
        }
    }
}
