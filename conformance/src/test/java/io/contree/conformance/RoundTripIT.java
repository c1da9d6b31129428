package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Image;
import io.contree.testkit.LoopbackRegistry;
import io.contree.testkit.RootFs;
import io.contree.testkit.TreeSnapshot;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A real Debian root file system survives the way in, by either door, and the way out. */
@Isolated("takes most of the memory")
class RoundTripIT extends ServerSuite {
    @Override
    boolean movesMuch() {
        return true;
    }

    @Test
    void debianByTarAndByRegistryIsOneStateAndEveryEntryIsTheSource() throws Exception {
        Path tree = RootFs.debianTree();
        Image byTar =
                contree.images().importFrom("rootfs:" + RootFs.debianTar()).execute();
        try (LoopbackRegistry registry = LoopbackRegistry.open()) {
            String reference = RegistryImage.push(registry, tree, "test/debian", home);
            assertThat(contree.images()
                            .importFrom("docker://" + reference)
                            .execute()
                            .uuid())
                    .isEqualTo(byTar.uuid());
        }
        Path out = Files.createDirectory(home.resolve("out"));
        Path tar = home.resolve("out.tar");
        // Streamed: the whole of it, twice, is most of what a JVM of the tests may have.
        try (InputStream archive =
                api.stream("/inspect/" + byTar.uuid() + "/archive?path=/").body()) {
            Files.copy(archive, tar);
        }
        RootFs.unpack(tar, out);
        TreeSnapshot.read(out)
                .withoutDirectoryTimes()
                .assertSameAs(TreeSnapshot.read(tree).withoutDirectoryTimes());
        assertThat(after(byTar, "ls -lR / > /dev/null; cat /etc/* > /dev/null 2>&1; true")
                        .uuid())
                .isEqualTo(byTar.uuid());
    }
}
