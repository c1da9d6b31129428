package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Contree;
import io.contree.sdk.Diff;
import io.contree.sdk.DiffQuery;
import io.contree.sdk.Image;
import io.contree.sdk.ImageQuery;
import io.contree.sdk.LineageQuery;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/sdk/images.md. */
public interface ImagesPage extends DocsPage {
    @Test
    default void takingImages() {
        Contree contree = contree();
        UUID uuid = ubuntu().uuid();
        // docs: images
        Image byTag = contree.images().use("ubuntu:latest"); // asks nobody
        Image byUuid = contree.images().use(uuid);
        Image known = contree.images().find("ubuntu:latest"); // asks now: NotFoundException if there is none
        System.out.println(known.uuid().equals(byUuid.uuid()) && byTag.uuid().equals(uuid));
        // end
        assertThat(printed()).isEqualTo("true\n");
    }

    @Test
    default void listing() {
        Contree contree = contree();
        // docs: images-list
        try (Stream<Image> images = contree.images().list()) {
            images.limit(20)
                    .forEach(image ->
                            System.out.println(image.uuid() + " " + image.tag().orElse("-")));
        }
        List<Image> recent = contree.images()
                .list(ImageQuery.all().tagPrefix("ubuntu:").since(Instant.now().minus(Duration.ofDays(1))))
                .toList();
        // end
        assertThat(printed()).contains(" busybox:latest\n");
        assertThat(recent).extracting(image -> image.tag().orElseThrow()).containsExactly("ubuntu:latest");
    }

    @Test
    default void history() {
        Contree contree = contree();
        Image ubuntu = ubuntu();
        // docs: images-history
        Image written = ubuntu.shell("echo 1 > /n").execute().image();
        Image again = written.shell("echo 2 > /n").execute().image();
        again.lineage(LineageQuery.ancestors().first())
                .forEach(step -> System.out.println(step.command())); // echo 2 > /n, echo 1 > /n, null: imported
        Image before = contree.images().find(again.uuid() + "~1"); // a step back
        System.out.println(before.uuid().equals(written.uuid()));
        long made = ubuntu.lineage(LineageQuery.descendants().depth(1)).count();
        // end
        assertThat(printed()).isEqualTo("echo 2 > /n\necho 1 > /n\nnull\ntrue\n");
        assertThat(made).isPositive();
    }

    @Test
    default void labels() {
        Contree contree = contree();
        Image ubuntu = ubuntu();
        // docs: images-labels
        Image left = ubuntu.shell("echo left > /branch").execute().image().label("score", "9.5");
        Image right = ubuntu.shell("echo right > /branch")
                .execute()
                .image()
                .label(Map.of("score", "12", "kind", "wide"))
                .note("slower, and better");
        List<Image> best = contree.images()
                .list(ImageQuery.all().greatestFirst("score").limit(10))
                .toList();
        System.out.println(best.get(0).uuid().equals(right.uuid())); // true: numbers are ordered as numbers
        System.out.println(
                best.get(0).labels().get("kind") + ": " + best.get(0).note().orElseThrow());
        left.unlabel("score");
        // end
        assertThat(printed()).isEqualTo("true\nwide: slower, and better\n");
        assertThat(best).hasSize(2);
    }

    @Test
    default void importing() {
        Contree contree = contree();
        String reference = registryImage();
        // docs: images-import
        Image image = contree.images()
                .importFrom(reference) // such as docker://registry.example.com/team/app:1
                .tag("app:1")
                .credentials("reader", "secret")
                .timeout(Duration.ofMinutes(5))
                .onProgress((step, done, total) -> System.out.println(step + ": " + done + " of " + total + " bytes"))
                .execute();
        // end
        assertThat(image.tag()).contains("app:1");
        assertThat(image.uuid()).isEqualTo(ubuntu().uuid());
    }

    @Test
    default void imageOrImport() {
        Contree contree = contree();
        // docs: images-oci
        Image busybox = contree.images().oci("docker://docker.io/library/busybox:latest");
        System.out.println(busybox.tag().orElseThrow()); // busybox:latest
        // end
        assertThat(printed()).isEqualTo("busybox:latest\n");
    }

    @Test
    default void identity() {
        Image ubuntu = ubuntu();
        // docs: images-identity
        Image changed = ubuntu.shell("echo draft > /note").execute().image();
        Image same = changed.shell("ls -lR /etc > /dev/null").execute().image();
        Image undone = changed.shell("rm /note").execute().image();
        System.out.println(same.uuid().equals(changed.uuid())); // true: nothing changed
        System.out.println(undone.uuid().equals(ubuntu.uuid())); // true: two roads, one state
        // end
        assertThat(printed()).isEqualTo("true\ntrue\n");
    }

    @Test
    default void contentDigest() {
        Image ubuntu = ubuntu();
        // docs: images-digest
        Image one = ubuntu.shell("echo same > /file").execute().image();
        Image two = ubuntu.shell("echo same > /file").execute().image();
        System.out.println(one.uuid().equals(two.uuid())); // false: the files are of different times
        System.out.println(one.contentDigest().equals(two.contentDigest())); // true: and hold the same
        // end
        assertThat(printed()).isEqualTo("false\ntrue\n");
    }

    @Test
    default void differences() throws IOException {
        Image ubuntu = ubuntu();
        Path patchFile = local().resolve("changes.patch");
        // docs: images-diff
        Image edited =
                ubuntu.shell("echo me > /etc/hostname; rm /etc/group").execute().image();
        Diff diff = ubuntu.diff(edited, DiffQuery.all().path("/etc").ignoringTimes());
        for (Diff.Entry entry : diff.differences()) {
            System.out.println(entry.kind() + " " + entry.path()); // such as: deleted /etc/group
        }
        try (InputStream patch = ubuntu.patch(edited)) { // for git apply
            Files.copy(patch, patchFile);
        }
        // end
        assertThat(printed()).contains("deleted /etc/group\n");
        assertThat(patchFile).content().contains("deleted file mode 100644");
    }

    @Test
    default void tags() {
        Image ubuntu = ubuntu();
        // docs: images-tags
        Image built = ubuntu.shell("echo built > /app").execute().image();
        Image tagged = built.tagAs("app:latest"); // moves the tag if another state has it
        tagged.pin(); // whatever the project's retention says, it stays
        tagged.unpin();
        tagged.untag("app:latest");
        // end
        assertThat(tagged.tag()).contains("app:latest");
        assertThat(contree().images().list(ImageQuery.all().tagPrefix("app:latest")))
                .isEmpty();
    }
}
