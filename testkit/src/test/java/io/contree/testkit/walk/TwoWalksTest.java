package io.contree.testkit.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What two walks are held against each other for. */
class TwoWalksTest {
    private static final String FILE = "= f\t100644 0:0 links=1 first=f size=2 hash=aa";
    private static final String OTHER = "= f\t100644 0:0 links=1 first=f size=2 hash=bb";

    /** A machine that has printed it all before. */
    private static TwoWalks.Machine machine(String... steps) {
        Deque<String> left = new ArrayDeque<>(List.of(steps));
        return step -> left.pop();
    }

    private static String step(String before, String operations, String after) {
        return String.join("\n", "before", before, "operations", operations, "after", after, "end\n")
                .replace("\n\n", "\n");
    }

    private static String own(String times) {
        return "\n~ f\t" + times;
    }

    private static void walk(TwoWalks walks, int steps) throws Exception {
        for (int i = 1; i <= steps; i++) {
            walks.step("step " + i, List.of());
        }
    }

    @Test
    void whatIsTheSamePasses() throws Exception {
        String one = step("~ .\t0", "1 create f -> done", FILE + own("5.0 5.0 7"));
        String two = step(FILE + own("5.0 5.0 7"), "1 touch f -> done", FILE + own("6.0 6.0 7"));
        String plain = step("~ .\t0", "1 create f -> done", FILE + own("1.0 2.0 3"));
        TwoWalks walks =
                new TwoWalks(machine(plain, step("", "1 touch f -> done", FILE + own("4.0 4.0 3"))), machine(one, two));
        walk(walks, 2);
        assertThat(walks.moved()).isEmpty();
    }

    @Test
    void anotherErrorIsTold() {
        TwoWalks walks = new TwoWalks(
                machine(step("", "1 rename a b -> done", FILE)), machine(step("", "1 rename a b -> link", FILE)));
        assertThatThrownBy(() -> walk(walks, 1)).hasMessageContaining("step 1").hasMessageContaining("-> link");
    }

    @Test
    void anotherTreeIsTold() {
        TwoWalks walks = new TwoWalks(machine(step("", "1", FILE)), machine(step("", "1", OTHER)));
        assertThatThrownBy(() -> walk(walks, 1)).hasMessageContaining("hash=aa").hasMessageContaining("hash=bb");
    }

    @Test
    void bytesThatMayDifferAreNotTold() throws Exception {
        walk(new TwoWalks(machine(step("", "1", FILE)), machine(step("", "1", OTHER)), "f"::equals), 1);
    }

    @Test
    void whatIsLostBetweenStepsIsTold() {
        TwoWalks walks = new TwoWalks(
                machine(step("", "1", FILE), step("", "1", FILE)),
                machine(step("", "1", FILE + own("5.0 5.0 7")), step("", "1", FILE + own("5.0 5.0 7"))));
        assertThatThrownBy(() -> walk(walks, 2)).hasMessageContaining("between the steps f");
    }

    @Test
    void anotherTimeBetweenStepsIsTold() {
        TwoWalks walks = new TwoWalks(
                machine(step("", "1", FILE), step("", "1", FILE)),
                machine(step("", "1", FILE + own("5.0 5.0 7")), step(FILE + own("5.1 5.1 7"), "1", FILE)));
        assertThatThrownBy(() -> walk(walks, 2)).hasMessageContaining("mtime");
    }

    @Test
    void aFileThatMovedIsListedUnlessItIsWhatTheStepFound() throws Exception {
        String plain = step("", "1", FILE);
        String first = step(FILE + own("5.0 5.0 7"), "1", FILE + own("5.0 6.0 8"));
        TwoWalks moved = new TwoWalks(
                machine(plain, plain), machine(first, step(FILE + own("5.0 9.0 9"), "1", FILE + own("5.0 9.0 9"))));
        walk(moved, 2);
        assertThat(moved.moved()).singleElement().asString().startsWith("f ");
        TwoWalks back = new TwoWalks(
                machine(plain, plain), machine(first, step(FILE + own("5.0 5.0 7"), "1", FILE + own("5.0 5.0 7"))));
        walk(back, 2);
        assertThat(back.moved()).isEmpty();
    }

    @Test
    void aFileOfAnEarlierStepThatWasChangedInPlaceMayMoveOnce() throws Exception {
        String plain = step("", "1", FILE);
        String changed = step(FILE + own("5.0 5.0 7"), "1", FILE + own("6.0 6.0 7"));
        TwoWalks walks = new TwoWalks(
                machine(plain, plain, plain),
                machine(
                        changed,
                        step(FILE + own("6.0 9.0 9"), "1", FILE + own("6.0 9.0 9")),
                        step(FILE + own("6.0 9.0 10"), "1", FILE)));
        walk(walks, 2);
        assertThat(walks.moved()).isEmpty();
        walk(walks, 1);
        assertThat(walks.moved()).hasSize(1);
    }

    @Test
    void aFileOfAnEarlierStepThatWasWrittenToKeepsItsChangeTime() throws Exception {
        String plain = step("", "1", OTHER);
        String written = step(FILE + own("5.0 5.0 7"), "1", OTHER + own("6.0 6.0 7"));
        TwoWalks kept = new TwoWalks(
                machine(plain, plain), machine(written, step(OTHER + own("6.0 6.0 9"), "1", OTHER + own("6.0 6.0 9"))));
        walk(kept, 2);
        assertThat(kept.moved()).isEmpty();
        TwoWalks lost = new TwoWalks(
                machine(plain, plain), machine(written, step(OTHER + own("6.0 8.0 7"), "1", OTHER + own("6.0 8.0 7"))));
        walk(lost, 2);
        assertThat(lost.moved()).hasSize(1);
    }

    @Test
    void aWalkThatBrokeOffIsTold() {
        TwoWalks walks = new TwoWalks(machine("before\noperations\n1"), machine(""));
        assertThatThrownBy(() -> walk(walks, 1)).hasMessageContaining("end");
    }
}
