package io.contree.conformance.docs;

import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Makes the directories that the example of docs/sdk/testing.md names. */
final class SiteFiles implements BeforeAllCallback {
    private static final Path ROOT = Path.of("target/docs/root");
    private static final Path SITE = Path.of("target/docs/site");

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Requirements.root();
        if (!Files.exists(ROOT)) {
            RootFs.busybox(ROOT);
            Files.createDirectories(SITE);
            Files.writeString(SITE.resolve("page"), "hello");
        }
    }
}
