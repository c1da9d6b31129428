package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Image;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ten steps of an agent, as ten runs and on one machine: what they print and what they leave is the same. */
class TenStepsIT extends OneMachineSuite {
    @Override
    boolean merges() {
        return true;
    }

    @Override
    void fill(Path tree) throws Exception {
        fill(tree, List.of(WorkScript.read("files")));
    }

    @Test
    void tenStepsOnOneMachine() throws Exception {
        work(WorkScript.read("files"));
    }

    /** Something of everything, made by a run of its own. */
    private Image made() {
        return after(
                start,
                "cd /w; mkdir -p d/sub/deep other; echo 1 > d/f; echo 2 > d/sub/g; ln d/f d/sub/linked; ln d/f"
                        + " outside; ln -s sub d/s; mkfifo d/sub/deep/fifo; seq 100000 > d/big; chmod 750 d/sub; chown"
                        + " 33:33 d/big; touch -d @1000000000 d/sub/g");
    }

    @Test
    void aDirectoryRenamedThereAndBackIsTheOldState() {
        Image made = made();
        assertThat(after(made, "cd /w; mv d e; mv e d").uuid()).isEqualTo(made.uuid());
        Image moved = after(made, "cd /w; mv d other/e");
        assertThat(moved.uuid()).isNotEqualTo(made.uuid());
        Image within = after(moved, "cd /w; mv other/e/sub up; echo new > new");
        assertThat(after(within, "cd /w; rm new; mv up other/e/sub; mv other/e d")
                        .uuid())
                .isEqualTo(made.uuid());
    }

    @Test
    void aRenameIsACopyAndARemoval() {
        Image made = made();
        String copied =
                "cd /w; mkdir copy; cp -a d outside copy; rm -r d outside; mv copy/d d2; mv copy/outside o2; rmdir"
                        + " copy";
        Image renamed = after(made, "cd /w; mv d d2; mv outside o2");
        assertThat(after(made, copied).uuid()).isEqualTo(renamed.uuid());
    }

    @Test
    void aFileWrittenThroughOneOfItsNamesAndWrittenBackIsTheOldState() {
        Image made = made();
        Image written =
                after(made, "cd /w; touch -r outside /tmp/time; echo more >> outside; grep -q more d/sub/linked");
        assertThat(written.readText("/w/d/f")).isEqualTo("1\nmore\n");
        assertThat(written.readText("/w/d/sub/linked")).isEqualTo("1\nmore\n");
        Image back = after(
                written,
                "cd /w; echo 1 > d/sub/linked; touch -r /tmp/time d/f; rm /tmp/time; test $(stat -c %h outside) = 3");
        assertThat(back.uuid()).isEqualTo(made.uuid());
    }

    @Test
    void attributesOfALinkedFileAreThoseOfAllItsNames() {
        Image made = made();
        Image changed = after(made, "cd /w; chmod 600 d/f; chown 7:8 outside");
        assertThat(changed.shell("cd /w; stat -c '%a %u %h' d/f d/sub/linked outside")
                        .execute()
                        .stdout())
                .isEqualTo("600 7 3\n".repeat(3));
        assertThat(after(changed, "cd /w; chmod 644 outside; chown 0:0 d/sub/linked")
                        .uuid())
                .isEqualTo(made.uuid());
    }

    @Test
    void whatOneNameLosesTheOthersKeep() {
        Image made = made();
        Image fewer = after(made, "cd /w; rm d/f; test $(stat -c %h outside) = 2; [ outside -ef d/sub/linked ]");
        Image again = after(fewer, "cd /w; [ outside -ef d/sub/linked ]; ln outside d/f; test $(stat -c %h d/f) = 3");
        assertThat(again.uuid()).isEqualTo(made.uuid());
    }
}
