package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.contree.sdk.ConflictException;
import io.contree.sdk.Execution;
import io.contree.sdk.Image;
import io.contree.sdk.NotFoundException;
import io.contree.sdk.OperationCancelledException;
import io.contree.sdk.ProjectUsage;
import io.contree.sdk.RemovalPlan;
import io.contree.sdk.Swept;
import io.contree.store.disk.Layout;
import io.contree.testkit.LeakChecked;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Images that are removed go from the disk, and nothing else does. */
@LeakChecked
class RemovalIT extends ServerSuite {
    private static final int MIB = 1 << 20;

    private static Image megabyte(Image image, String name) {
        return after(image, "head -c " + MIB + " /dev/urandom > /" + name);
    }

    private long layers() throws Exception {
        try (Stream<Path> layers = Files.list(new Layout(home.resolve("data")).layers())) {
            return layers.count();
        }
    }

    @Test
    void ofABranchOnlyItsOwnGoes() throws Exception {
        contree.images().collect();
        long before = layers();
        Image parent = megabyte(busybox, "parent");
        Image child = megabyte(parent, "child");
        Image sibling = megabyte(parent, "sibling");

        RemovalPlan removal = child.removal();
        assertThat(removal.freedBytes()).isBetween((long) MIB, MIB + (64L << 10));
        assertThat(removal.tags()).isEmpty();
        assertThat(parent.removal().freedBytes())
                .as("its children need its layer")
                .isZero();

        parent.remove();
        child.remove();
        Swept collected = contree.images().collect();
        assertThat(layers()).isEqualTo(before + 2);
        assertThat(collected.images()).isLessThanOrEqualTo(2); // the server may have been faster
        assertThat(after(sibling, "cat /parent /sibling > /both").uuid()).isNotEqualTo(sibling.uuid());
        for (Image gone : List.of(parent, child)) {
            assertThatThrownBy(() -> contree.images().find(gone.uuid().toString()))
                    .isInstanceOf(NotFoundException.class);
            assertThatThrownBy(() -> gone.shell("true").execute()).isInstanceOf(NotFoundException.class);
            assertThatThrownBy(() -> gone.ls("/")).isInstanceOf(NotFoundException.class);
            assertThatThrownBy(gone::remove).isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void whatIsNeededIsRefusedWithTheReason() throws Exception {
        Image image = megabyte(busybox, "needed");
        image.tagAs("needed:1");
        image.pin();
        Execution running = image.shell("sleep 30").disposable().start();
        assertThatThrownBy(image::remove)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("needed:1")
                .hasMessageContaining("pinned")
                .hasMessageContaining("operation");
        image.untag();
        image.unpin();
        assertThatThrownBy(image::remove).isInstanceOf(ConflictException.class).hasMessageContaining("operation");
        running.cancel();
        assertThatThrownBy(running::await).isInstanceOf(OperationCancelledException.class);
        image.remove();
    }

    @Test
    void whatIsForcedGoesWithItsTagsAndWhatWorksOnItGoesOn() throws Exception {
        Image image = megabyte(busybox, "forced");
        image.tagAs("forced:1");
        image.pin();
        Execution running = image.shell("sleep 1; sha256sum /forced > /sum").start();
        RemovalPlan removal = image.removal();
        assertThat(removal.tags()).containsExactly("forced:1");
        assertThat(removal.pinned()).isTrue();
        assertThat(removal.operations()).isEqualTo(1);
        image.removeForced();
        contree.images().collect();
        assertThatThrownBy(() -> contree.images().find("forced:1")).isInstanceOf(NotFoundException.class);
        Image result = running.await().image();
        assertThat(result.shell("sha256sum -c /sum").execute().exitCode()).isZero();
    }

    @Test
    void aStateThatIsReachedAgainIsWholeAgain() {
        for (int round = 0; round < 5; round++) {
            Image image = after(busybox, "mkdir /again; touch -d @1 /again/a /again");
            UUID uuid = image.uuid();
            if (round > 0) {
                assertThat(image.ls("/again")).hasSize(1);
            }
            image.remove();
            Image reached = after(busybox, "mkdir /again; touch -d @1 /again/a /again");
            assertThat(reached.uuid()).isEqualTo(uuid);
            assertThat(reached.ls("/again")).hasSize(1);
            reached.remove();
            contree.images().collect();
        }
    }

    @Test
    void hundredsOfBranchesGiveTheirRoomBack() throws Exception {
        contree.images().collect();
        Image parent = megabyte(busybox, "branched");
        long before = layers();
        List<Execution> running = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            running.add(parent.shell("head -c 100000 /dev/urandom > /own").start());
        }
        List<Image> branches = new ArrayList<>();
        for (Execution each : running) {
            branches.add(each.await().image());
        }
        Swept would = contree.images().collectable();
        assertThat(would.layers()).isZero();
        for (Image branch : branches.subList(0, 50)) {
            branch.remove();
        }
        contree.images().collect();
        assertThat(layers()).isEqualTo(before + 10);
        for (Image branch : branches.subList(50, 60)) {
            assertThat(branch.read("/own")).hasSize(100_000);
        }
        assertThat(contree.images().collect().layers()).isZero();
    }

    @Test
    void whatIsTakenUpIsWhatDuSays() throws Exception {
        Image parent = megabyte(busybox, "shared");
        Image child = megabyte(parent, "own");
        assertThat(child.usage().exclusiveBytes()).isBetween((long) MIB, MIB + (64L << 10));
        assertThat(child.usage().sharedBytes()).isGreaterThan(MIB);
        assertThat(parent.usage().exclusiveBytes()).isZero();
        contree.images().collect();
        ProjectUsage usage = contree.images().usage();
        assertThat(usage.images().sharedBytes()).as("no other project has any").isZero();
        long du = du(new Layout(home.resolve("data")).layers());
        assertThat(usage.all().bytes()).isCloseTo(du, withinPercentage(1));
        assertThat(usage.images().exclusiveBytes()).isCloseTo(du, withinPercentage(1));
        assertThat(usage.logs().count()).isPositive();
        assertThat(usage.logs().bytes()).isPositive();
    }

    private static long du(Path directory) throws Exception {
        Process du = new ProcessBuilder("du", "-sB1", directory.toString()).start();
        String said = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(du.waitFor()).isZero();
        return Long.parseLong(said.split("\\s")[0]);
    }
}
