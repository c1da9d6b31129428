package io.contree.store.overlay;

import static io.contree.store.overlay.StoreFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.contree.store.DiskUse;
import io.contree.store.Image;
import io.contree.store.ImagesUse;
import io.contree.store.LayerId;
import io.contree.testkit.LeakChecker;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What images take up is what {@code du} says. */
@ExtendWith(LeakChecker.class)
class UseIT {
    private StoreFixture store;
    private Image base;
    private Image large;
    private Image changed;
    private Image other;

    @BeforeEach
    void open() throws Exception {
        store = new StoreFixture();
        base = store.base();
        large = store.after(
                base,
                root -> shell(
                        root, "head -c 20000000 /dev/urandom > large; for i in $(seq 50); do echo $i > $i; done"));
        changed = store.after(large, root -> shell(root, "chmod 600 large; ln 1 linked; rm 2"));
        other = store.after(base, root -> shell(root, "head -c 300000 /dev/urandom > other; truncate -s 1G hole"));
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private static DiskUse du(Stream<Path> paths) throws Exception {
        List<String> there =
                paths.filter(path -> path.toFile().exists()).map(Path::toString).toList();
        return new DiskUse(du(there, "-B1"), du(there, "--inodes"));
    }

    private static long du(List<String> paths, String what) throws Exception {
        List<String> command = new ArrayList<>(List.of("du", "-s", "-c", what));
        command.addAll(paths);
        Process du = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(du.waitFor()).as(text).isZero();
        return Long.parseLong(
                text.lines().reduce((first, second) -> second).orElseThrow().split("\t")[0]);
    }

    private DiskUse layers(Image... images) throws Exception {
        Set<LayerId> layers = new LinkedHashSet<>();
        for (Image image : images) {
            layers.addAll(image.layers());
        }
        return du(layers.stream().map(layer -> store.layout().layer(layer).directory()));
    }

    private static DiskUse sum(ImagesUse use) {
        return new DiskUse(
                use.exclusive().bytes() + use.shared().bytes(),
                use.exclusive().files() + use.shared().files());
    }

    @Test
    void allOfItIsWhatIsThere() throws Exception {
        store.store().files().put(new ByteArrayInputStream(new byte[100_000]));
        for (int again = 0; again < 2; again++) {
            DiskUse expected = du(Stream.of(
                    store.layout().layers(),
                    store.layout().contents(),
                    store.layout().files()));
            assertThat(store.store().use()).isEqualTo(expected);
        }
    }

    @Test
    void whatOthersNeedIsShared() throws Exception {
        ImagesUse use = store.store().use(Set.of(changed.uuid()));
        assertThat(sum(use)).isEqualTo(layers(changed));
        assertThat(use.exclusive().bytes())
                .as("the content is that of the parent too")
                .isLessThan(1_000_000);
        assertThat(store.store().use(Set.of(large.uuid())).exclusive()).isEqualTo(new DiskUse(0, 0));
        assertThat(store.store().use(Set.of(other.uuid())).exclusive())
                .isEqualTo(du(
                        Stream.of(store.layout().layer(other.layers().getLast()).directory())));
    }

    @Test
    void severalTogetherHaveWhatNoneHasAlone() throws Exception {
        ImagesUse both = store.store().use(Set.of(large.uuid(), changed.uuid()));
        assertThat(sum(both)).isEqualTo(layers(large, changed));
        assertThat(both.exclusive().bytes()).isGreaterThan(20_000_000);
        assertThat(both.shared()).isEqualTo(layers(base));
        Set<UUID> all = Set.of(base.uuid(), large.uuid(), changed.uuid(), other.uuid());
        assertThat(store.store().use(all))
                .isEqualTo(new ImagesUse(layers(base, large, changed, other), new DiskUse(0, 0)));
    }

    @Test
    void eachAloneIsTheSameAsAskedForOneByOne() {
        Map<UUID, ImagesUse> each =
                store.store().useOfEach(List.of(base.uuid(), large.uuid(), changed.uuid(), UUID.randomUUID()));
        assertThat(each).hasSize(3);
        each.forEach(
                (image, use) -> assertThat(store.store().use(Set.of(image))).isEqualTo(use));
    }

    @Test
    void whatIsGoneCountsNoMore() throws Exception {
        store.catalog.grant(large.uuid());
        store.catalog.release(large.uuid());
        store.store().collect(true);
        ImagesUse use = store.store().use(Set.of(changed.uuid()));
        assertThat(use.exclusive().bytes()).isGreaterThan(20_000_000);
        assertThat(use.shared()).isEqualTo(layers(base));
        assertThat(store.store().use(Set.of(large.uuid())))
                .isEqualTo(new ImagesUse(new DiskUse(0, 0), new DiskUse(0, 0)));
        store.catalog.release(changed.uuid());
        store.store().collect(true);
        assertThat(store.store().use())
                .isEqualTo(du(Stream.of(
                        store.layout().layers(),
                        store.layout().contents(),
                        store.layout().files())));
    }
}
