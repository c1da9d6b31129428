package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Image;
import io.contree.sdk.fanout.FanOut;
import io.contree.sdk.fanout.Outcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** docs/sdk/fan-out.md. */
public interface FanOutPage extends DocsPage {
    @Test
    default void fanOut() {
        List<Image> images =
                List.of(ubuntu(), ubuntu().shell("echo 1 > /n").execute().image());
        // docs: fan-out
        List<Outcome<Image>> all = FanOut.over(images, image -> image.command("make", "test"))
                .atMost(16)
                .execute();
        // end
        assertThat(all).extracting(Outcome::item).isEqualTo(images);
        assertThat(all).allMatch(Outcome::succeeded);
    }

    @Test
    default void fanOutUntilFound() {
        Image ubuntu = ubuntu();
        // docs: fan-out-first
        List<String> guesses = List.of("sleep 600", "exit 1", "echo found");
        Optional<Outcome<String>> found = FanOut.over(guesses, ubuntu::shell)
                .first(result -> result.stdout().equals("found\n"));
        System.out.println(found.orElseThrow().item()); // echo found; the others are cancelled
        // end
        assertThat(printed()).isEqualTo("echo found\n");
    }

    @Test
    default void fanOutAsTheyCome() {
        Image ubuntu = ubuntu();
        // docs: fan-out-each
        FanOut.over(List.of(1, 2, 3), n -> ubuntu.shell("echo " + n * n))
                .forEach(outcome ->
                        System.out.print(outcome.item() + " " + outcome.result().stdout()));
        // end
        assertThat(printed().lines()).containsExactlyInAnyOrder("1 1", "2 4", "3 9");
    }
}
