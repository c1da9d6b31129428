package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Image;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of {@code /etc} that each run has of its own: what a run writes there is there in the next. */
class EtcFilesIT extends SharedServerSuite {
    @ParameterizedTest
    @ValueSource(strings = {"/etc/hosts", "/etc/hostname", "/etc/resolv.conf"})
    void whatIsAppendedIsThereInLaterSteps(String path) {
        Image first = after(busybox, "echo '# 1.2.3.4 step1' >> " + path);
        assertThat(first.uuid()).isNotEqualTo(busybox.uuid());
        Image second = after(first, "grep step1 " + path + " && echo '# 1.2.3.4 step2' >> " + path);
        Image third = after(second, "grep step1 " + path + " && grep step2 " + path);
        assertThat(third.uuid()).isEqualTo(second.uuid());
        assertThat(after(third, "true").uuid()).isEqualTo(second.uuid());
    }

    @Test
    void namesAreResolvedByIt() {
        Image named = after(busybox, "echo 10.11.12.13 db.internal >> /etc/hosts");
        assertThat(named.shell("getent hosts db.internal || ping -c1 -W1 db.internal 2>&1 | head -1; cat /etc/hosts")
                        .execute()
                        .stdout())
                .contains("10.11.12.13");
    }

    @Test
    void undoingGivesTheOldUuid() {
        Image plain = after(busybox, "cp /etc/hosts /saved && echo 1.2.3.4 x >> /etc/hosts");
        assertThat(after(plain, "cat /saved > /etc/hosts && rm /saved").uuid()).isEqualTo(busybox.uuid());
    }

    @Test
    void theStateDependsNeitherOnTheHostNameNorOnTheNetwork() {
        String change = "echo 1.2.3.4 x >> /etc/hosts; echo options edns0 >> /etc/resolv.conf";
        Image one = busybox.shell(change).hostname("one").execute().image();
        Image two = busybox.shell(change)
                .hostname("two")
                .networking(false)
                .execute()
                .image();
        assertThat(one.contentDigest()).isEqualTo(two.contentDigest()).isNotEqualTo(busybox.contentDigest());
        assertThat(one.shell("cat /etc/hosts").hostname("three").execute().stdout())
                .contains("127.0.1.1\tthree\n", "1.2.3.4 x\n")
                .doesNotContain("one");
    }
}
