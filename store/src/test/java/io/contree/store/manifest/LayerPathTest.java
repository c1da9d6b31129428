package io.contree.store.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.StoreException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerPathTest {
    @Test
    void hasOneFormForEachPath() {
        for (String listed : List.of("a/b", "./a/b", "/a/b", "a//b/", "a/./b/.")) {
            assertThat(LayerPath.normalise(listed)).as(listed).isEqualTo("a/b");
        }
        for (String root : List.of("", ".", "./", "/", "//")) {
            assertThat(LayerPath.normalise(root)).as(root).isEmpty();
        }
        assertThat(LayerPath.normalise("...")).isEqualTo("...");
    }

    @Test
    void refusesWhatLeadsElsewhereOrNowhere() {
        for (String listed : List.of("..", "a/..", "../a", "a\0", "n".repeat(256), "nn/".repeat(1400))) {
            assertThatThrownBy(() -> LayerPath.normalise(listed))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID));
        }
    }

    @Test
    void splits() {
        assertThat(LayerPath.parent("a/b/c")).isEqualTo("a/b");
        assertThat(LayerPath.name("a/b/c")).isEqualTo("c");
        assertThat(LayerPath.parent("a")).isEmpty();
        assertThat(LayerPath.name("a")).isEqualTo("a");
    }
}
