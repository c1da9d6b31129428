package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.RunResult;
import org.junit.jupiter.api.Test;

/** README.md and docs/sdk/README.md. */
public interface IndexPage extends DocsPage {
    @Test
    default void hello() {
        Hello.main(new String[0]);
        assertThat(printed()).isEqualTo("hello\nfalse\n");
    }

    @Test
    default void readme() {
        // docs: readme
        try (Contree contree = Contree.connect()) {
            Image image = contree.images().oci("docker://docker.io/library/busybox:latest");
            RunResult first = image.shell("echo CHANGES > file.txt").execute();
            RunResult second = first.image().command("cat", "file.txt").execute();
            System.out.print(second.stdout()); // CHANGES
            System.out.println(second.image().uuid().equals(first.image().uuid())); // true: it changed nothing
        }
        // end
        assertThat(printed()).isEqualTo("CHANGES\ntrue\n");
    }
}
