package io.contree.store.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.RawPath;
import io.contree.store.StoreException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListedPathTest {
    @Test
    void hasOneFormForEachPath() {
        for (String listed : List.of("a/b", "./a/b", "/a/b", "a//b/", "a/./b/.")) {
            assertThat(ListedPath.normalise(new RawPath(listed)).raw())
                    .as(listed)
                    .isEqualTo("a/b");
        }
        for (String root : List.of("", ".", "./", "/", "//")) {
            assertThat(ListedPath.normalise(new RawPath(root)).raw()).as(root).isEmpty();
        }
        assertThat(ListedPath.normalise(new RawPath("...")).raw()).isEqualTo("...");
    }

    @Test
    void refusesWhatLeadsElsewhereOrNowhere() {
        for (String listed : List.of("..", "a/..", "../a", "a\0", "n".repeat(256), "nn/".repeat(1400))) {
            assertThatThrownBy(() -> ListedPath.normalise(new RawPath(listed)))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID));
        }
    }
}
