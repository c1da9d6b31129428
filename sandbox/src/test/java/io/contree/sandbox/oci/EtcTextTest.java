package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EtcTextTest {
    private static final String BOX = EtcFile.HOSTS.content("box", "");
    private static final String OWN = EtcFile.HOSTS.ownLines("box", "");
    private static final String OTHER = EtcFile.HOSTS.ownLines("other", "");

    @Test
    void whatWasAddedIsThereInTheNextRunWithTheLinesOfThatOne() {
        String kept = EtcText.kept(BOX + "1.2.3.4 x\n", OWN);

        assertThat(EtcText.isKept(kept)).isTrue();
        assertThat(kept).contains("1.2.3.4 x\n").doesNotContain("box");
        assertThat(EtcText.shown(kept, OWN)).isEqualTo(BOX + "1.2.3.4 x\n");
        assertThat(EtcText.shown(kept, OTHER)).isEqualTo(EtcFile.HOSTS.content("other", "") + "1.2.3.4 x\n");
        assertThat(EtcText.kept(EtcText.shown(kept, OTHER), OTHER)).isEqualTo(kept);
    }

    @Test
    void ownLinesNeedNotStay() {
        String kept = EtcText.kept("1.2.3.4 x", OWN);
        assertThat(EtcText.shown(kept, OTHER)).isEqualTo("1.2.3.4 x");
    }

    @Test
    void onlyWholeLinesAreOwnLines() {
        String text = "x127.0.1.1\tbox\n127.0.1.1\tboxes\n";
        assertThat(EtcText.shown(EtcText.kept(text, OWN), OTHER)).isEqualTo(text);
    }

    @Test
    void nameServersOfTheMachineAreNotKept() {
        String resolvers = "# From the settings of contree.\nnameserver 9.9.9.9\nnameserver 8.8.8.8\n";
        String kept = EtcText.kept("search lan\n" + resolvers + "options edns0\n", resolvers);
        assertThat(kept).doesNotContain("9.9.9.9", "8.8.8.8").contains("search lan\n", "options edns0\n");
        assertThat(EtcText.shown(kept, "nameserver 1.1.1.1\n"))
                .isEqualTo("search lan\nnameserver 1.1.1.1\noptions edns0\n");
    }

    @Test
    void whatAnImageBringsIsNotKept() {
        assertThat(EtcText.isKept("127.0.0.1 localhost\n")).isFalse();
        assertThat(EtcText.isKept("")).isFalse();
    }
}
