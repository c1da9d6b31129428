package io.contree.store.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImageNamesTest {
    @Test
    void readsTheFirstNameOfEachId() {
        assertThat(ImageNames.parse("root:x:0:0:r:/:/bin/sh\ntoor:x:0:\n\u00e4:x:7\n"))
                .containsEntry(0, "root")
                .containsEntry(7, "\u00e4")
                .hasSize(2);
    }

    @Test
    void ignoresLinesOfAnotherShape() {
        assertThat(ImageNames.parse(
                        "\n:\n::\n:x:1\nno-id:x:y:\nneg:x:-1\nbig:x:99999999999\nspace d:x:3\nesc\u001b:x:4\n"
                                + "n".repeat(257) + ":x:5\n\0:x:6"))
                .isEmpty();
    }
}
