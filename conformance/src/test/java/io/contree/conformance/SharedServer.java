package io.contree.conformance;

import io.contree.testkit.RootFs;
import io.contree.testkit.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One server for all suites that look only at what they have made themselves; it ends after the last test. */
record SharedServer(Path home, Path root, TestServer server) implements AutoCloseable {
    private static SharedServer start() {
        try {
            Path home = Files.createTempDirectory("shared-server-");
            Path root = RootFs.busybox(home.resolve("root"));
            TestServer server = TestServer.start(home);
            server.api().importImage("rootfs:" + root, "box:1");
            return new SharedServer(home, root, server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the server started", e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Trees.remove(home);
    }

    /** Gives the server to suites. */
    static final class Extension implements BeforeAllCallback {
        @Override
        public void beforeAll(ExtensionContext context) {
            SharedServerSuite suite = (SharedServerSuite) context.getRequiredTestInstance();
            suite.shared = context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(SharedServer.class, type -> start(), SharedServer.class);
        }
    }
}
