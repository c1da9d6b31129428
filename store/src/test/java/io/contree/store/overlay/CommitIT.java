package io.contree.store.overlay;

import static io.contree.store.overlay.StoreFixture.shell;
import static io.contree.store.overlay.StoreFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.linux.Mounts;
import io.contree.linux.RawPath;
import io.contree.store.Checkout;
import io.contree.store.Commit;
import io.contree.store.DiskUse;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.StoreException;
import io.contree.store.manifest.StackSums;
import io.contree.store.state.StateSums;
import io.contree.testkit.LeakChecker;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a commit says and keeps, on real overlays. */
@ExtendWith(LeakChecker.class)
class CommitIT {
    private StoreFixture store;
    private Image base;

    @BeforeEach
    void open() throws Exception {
        store = new StoreFixture();
        base = store.base();
    }

    @AfterEach
    void leavesNothingBehind() throws Exception {
        assertThat(store.children(store.layout().checkouts())).isEmpty();
        assertThat(store.children(store.layout().temporary())).isEmpty();
        store.close();
        assertThat(Mounts.below(store.data)).isEmpty();
    }

    @Test
    void aRunWaitsForWhoeverStillHoldsTheOverlayOfTheOneBefore() throws Exception {
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<Image> next;
            try (Checkout checkout = store.store().checkout(base);
                    FileChannel held = FileChannel.open(checkout.root().resolve("data/a"))) {
                Files.writeString(checkout.root().resolve("x"), "x");
                Image image = checkout.commit(StoreFixture.noEnv(), "").image();
                AtomicReference<Thread> waiting = new AtomicReference<>(Thread.currentThread());
                next = thread.submit(() -> {
                    waiting.set(Thread.currentThread());
                    return store.after(image, root -> Files.writeString(root.resolve("y"), "y"));
                });
                while (!next.isDone() && waiting.get().getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                assertThat(next.isDone()).isFalse();
                assertThat(held.isOpen()).isTrue();
            }
            assertThat(store.read(next.get(), "x")).isEqualTo("x");
        }
    }

    @Test
    void anUntouchedCheckoutIsTheParent() throws Exception {
        Commit commit = store.run(base, root -> {});
        assertThat(commit).isEqualTo(new Commit(base, 0, 0));
        assertThat(commit.changed()).isFalse();
    }

    @Test
    void readingChangesNothing() throws Exception {
        assertThat(store.after(base, root -> shell(root, "ls -lR . >/dev/null; cat etc/* data/a >/dev/null")))
                .isEqualTo(base);
    }

    @Test
    void whatComesAndGoesChangesNothing() throws Exception {
        assertThat(store.after(base, root -> shell(root, "touch tmp/x && rm tmp/x; mkdir -p q/w && rm -r q")))
                .isEqualTo(base);
    }

    @Test
    void writingTheSameContentBackChangesNothing() throws Exception {
        assertThat(store.after(
                        base,
                        root -> shell(root, "cp -p data/b x; echo >> data/b; cat x > data/b; touch -r x data/b; rm x")))
                .isEqualTo(base);
        assertThat(store.after(
                        base,
                        root -> shell(root, "chmod 600 data/b; chmod 644 data/b; chmod 700 data; chmod 755 data")))
                .isEqualTo(base);
    }

    @Test
    void aNewFileIsANewImageAndItsLayerHoldsNothingElse() throws Exception {
        Commit commit = store.run(base, root -> write(root.resolve("data/new"), "12345"));
        assertThat(commit.image().uuid()).isNotEqualTo(base.uuid());
        assertThat(commit.layerBytes()).isEqualTo(5);
        assertThat(commit.changes()).isEqualTo(1);
        assertThat(commit.image().uuid().version()).isEqualTo(8);
        assertThat(store.topLayer(commit.image())).containsExactly("data", "data/new");
        assertThat(store.read(commit.image(), "/data/new")).isEqualTo("12345");
        assertThat(store.store().image(commit.image().uuid())).isEqualTo(commit.image());
    }

    @Test
    void removingTheFileOfAnEarlierRunIsTheImageBeforeIt() throws Exception {
        Image changed = store.after(base, root -> Files.writeString(root.resolve("file.txt"), "CHANGES"));
        Image same = store.after(changed, root -> {});
        Image undone = store.after(changed, root -> Files.delete(root.resolve("file.txt")));
        assertThat(same).isEqualTo(changed);
        assertThat(undone).isEqualTo(base);
        assertThat(store.children(store.layout().layers())).hasSize(2);
    }

    @Test
    void theSameBytesAtOtherTimesAreAnotherImageWithTheSameContent() throws Exception {
        Image one = store.after(base, root -> shell(root, "echo x > f; touch -d @1000000000.000000001 f"));
        Image two = store.after(base, root -> shell(root, "echo x > f; touch -d @1000000000.000000002 f"));
        Image again = store.after(base, root -> shell(root, "echo x > f; touch -d @1000000000.000000001 f"));
        assertThat(one.uuid()).isNotEqualTo(two.uuid());
        assertThat(one.contentDigest()).isEqualTo(two.contentDigest());
        assertThat(one.contentDigest()).isNotEqualTo(base.contentDigest());
        assertThat(again).isEqualTo(one);
    }

    @Test
    void otherBytesWithTheSameSizeAndTimeAreFound() throws Exception {
        Image changed = store.after(
                base, root -> shell(root, "touch -r data/b ref; printf BBB > data/b; touch -r ref data/b; rm ref"));
        assertThat(changed.uuid()).isNotEqualTo(base.uuid());
        assertThat(store.read(changed, "data/b")).isEqualTo("BBB");
        assertThat(store.read(base, "data/b")).isEqualTo("bbb");
    }

    @Test
    void aTreeThatIsRemovedAndMadeAgainIsTheSame() throws Exception {
        assertThat(store.after(base, root -> shell(root, "cp -a data copy; rm -rf data; cp -a copy data; rm -rf copy")))
                .isEqualTo(base);
    }

    @Test
    void aTreeThatIsMadeAgainWithOneChangeHoldsOnlyThat() throws Exception {
        Commit commit = store.run(
                base,
                root -> shell(
                        root,
                        "cp -a data copy; rm -rf data; cp -a copy data; rm -rf copy; echo x > data/sub/c; rm data/b"));
        assertThat(store.topLayer(commit.image())).containsExactly("data", "data/b", "data/sub", "data/sub/c");
        assertThat(commit.changes()).isEqualTo(2);
    }

    @Test
    void aTreeThatIsReplacedByAnotherHidesTheOld() throws Exception {
        Image replaced = store.after(base, root -> shell(root, "rm -rf data; mkdir data; touch -d @5 data/z"));
        try (ImageView view = store.store().view(replaced)) {
            assertThat(view.list(new RawPath("data")))
                    .extracting(ImageView.Entry::name)
                    .containsExactly("z");
        }
        Image emptied = store.after(base, root -> shell(root, "rm -rf data/*"));
        assertThat(store.after(replaced, root -> shell(root, "rm data/z"))).isEqualTo(emptied);
    }

    @Test
    void aDeletedTreeCountsItsEntries() throws Exception {
        Commit commit = store.run(base, root -> shell(root, "rm -rf data"));
        assertThat(commit.changes()).isEqualTo(6);
        assertThat(commit.layerBytes()).isZero();
        assertThat(store.topLayer(commit.image())).containsExactly("data");
    }

    @Test
    void typesMayChangeAndChangeBack() throws Exception {
        Image file = store.after(base, root -> shell(root, "cp -a data keep; rm -rf data; touch -d @7 data"));
        Image link = store.after(file, root -> shell(root, "rm data; ln -s keep data"));
        Image back = store.after(link, root -> shell(root, "rm data; mv keep data"));
        assertThat(back).isEqualTo(base);
    }

    @Test
    void hardLinksArePartOfTheState() throws Exception {
        Image torn = store.after(base, root -> shell(root, "cp -p data/a t; mv t data/a"));
        assertThat(torn.uuid()).isNotEqualTo(base.uuid());
        Image joined = store.after(torn, root -> shell(root, "ln -f data/a data/linked"));
        assertThat(joined).isEqualTo(base);
    }

    @Test
    void hidingOneNameOfAFileChangesTheOthers() throws Exception {
        Image three = store.after(base, root -> shell(root, "ln data/b data/b1; ln data/b data/b2"));
        Image two = store.after(three, root -> shell(root, "rm data/b"));
        Image one = store.after(two, root -> shell(root, "rm data/b1"));
        Image plain = store.after(base, root -> shell(root, "cp -p data/b data/b2; rm data/b"));
        assertThat(one).isEqualTo(plain);
        Image twoAgain = store.after(plain, root -> shell(root, "ln data/b2 data/b1"));
        assertThat(twoAgain).isEqualTo(two);
    }

    @Test
    void ownersModesDevicesAndAttributesAreState() throws Exception {
        for (String change : new String[] {
            "chown 5:6 data/b",
            "chmod 4755 data/b",
            "chmod 1777 data",
            "chown -h 1:1 link",
            "setfattr -n user.x -v 1 data/b",
            "setfattr -n trusted.x -v 1 data",
            "setcap cap_net_raw+ep data/b",
            "setfacl -m u:33:r data/b",
            "setfacl -d -m u:33:r data",
            "mknod dev/x c 1 3",
            "mknod dev/x b 1 3",
            "mkfifo dev/x",
            "ln -sfn data/b link",
            "chmod 700 .",
            "mkdir empty",
            "rm etc/group"
        }) {
            Image changed = store.after(base, root -> shell(root, change));
            assertThat(changed.uuid()).as(change).isNotEqualTo(base.uuid());
            assertThat(store.after(changed, root -> {})).as(change).isEqualTo(changed);
        }
    }

    @Test
    void theRootKeepsItsAttributes() throws Exception {
        Image changed = store.after(base, root -> shell(root, "chmod 711 .; chown 3:4 ."));
        Image later = store.after(changed, root -> shell(root, "stat -c %a:%u:%g . > f"));
        assertThat(store.read(later, "f")).isEqualTo("711:3:4\n");
        assertThat(store.after(changed, root -> shell(root, "chmod 755 .; chown 0:0 .")))
                .isEqualTo(base);
    }

    @Test
    void directoryTimesAreNoChange() throws Exception {
        assertThat(store.after(base, root -> shell(root, "touch -d @99 data . tmp; touch -h -d @98 link")))
                .isEqualTo(base);
    }

    @Test
    void environmentAndDirectoryMakeAnotherImage() throws Exception {
        var env = new TreeMap<>(Map.of("A", "1"));
        Commit commit = store.run(base, env, "/srv", root -> {});
        assertThat(commit.image().uuid()).isNotEqualTo(base.uuid());
        assertThat(commit.image().layers()).isEqualTo(base.layers());
        assertThat(commit.image().contentDigest()).isEqualTo(base.contentDigest());
        assertThat(commit.image().env()).isEqualTo(env);
        assertThat(store.run(commit.image(), StoreFixture.noEnv(), "/", root -> {})
                        .image())
                .isEqualTo(base);
    }

    @Test
    void mountPointsAreThereAndPutBack() throws Exception {
        Image image = store.after(base, root -> shell(root, "test -d proc -a -d sys -a -d dev -a -f etc/hosts"));
        assertThat(image).isEqualTo(base);
        assertThat(store.after(base, root -> shell(root, "rm etc/hosts; rmdir proc")))
                .isEqualTo(base);
    }

    @Test
    void aClosedCheckoutLeavesNothing() throws Exception {
        Path root;
        try (Checkout checkout = store.store().checkout(base)) {
            root = checkout.root();
            write(root.resolve("x"), "x");
            assertThat(checkout.use(() -> true).bytes()).isPositive();
        }
        assertThat(root).doesNotExist();
    }

    private void endedAtStep(int number, String script) throws Exception {
        try (Checkout checkout = store.store().checkout(base)) {
            shell(checkout.root(), script);
            AtomicInteger steps = new AtomicInteger();
            Runnable goOn = () -> {
                if (steps.incrementAndGet() == number) {
                    throw new CancellationException("enough");
                }
            };
            assertThatThrownBy(() -> checkout.commit(StoreFixture.noEnv(), "", goOn))
                    .isInstanceOf(CancellationException.class);
        }
        assertThat(store.children(store.layout().temporary())).isEmpty();
        assertThat(store.children(store.layout().checkouts())).isEmpty();
        assertThat(store.children(store.layout().layers())).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 60, 90})
    void aCommitThatIsEndedBetweenTwoStepsLeavesNothing(int step) throws Exception {
        endedAtStep(step, "mkdir n; for i in $(seq 50); do echo $i > n/$i; done");
    }

    @Test
    void aHugeHoleTakesManySteps() throws Exception {
        endedAtStep(10_000, "truncate -s 1T hole");
    }

    @Test
    void whatACheckoutTakesUpIsFoundHoweverDeepItLies() throws Exception {
        String half = "mkdir -p " + "d/".repeat(1500) + "; cd -P " + "d/".repeat(1500) + "; ";
        try (Checkout checkout = store.store().checkout(base)) {
            DiskUse before = checkout.use(() -> true);
            shell(checkout.root(), half + half + "head -c 1000000 /dev/zero > f; ln f g; truncate -s 1T hole");
            DiskUse after = checkout.use(() -> true);
            assertThat(after.files() - before.files()).isEqualTo(3002);
            assertThat(after.bytes() - before.bytes()).isBetween(1_000_000L, 20_000_000L);
            assertThat(checkout.use(() -> false).files()).isLessThan(after.files());
        }
    }

    @Test
    void branchesDoNotSeeEachOther() throws Exception {
        Image left = store.after(base, root -> write(root.resolve("only-left"), "l"));
        Image right = store.after(base, root -> write(root.resolve("only-right"), "r"));
        try (ImageView view = store.store().view(left)) {
            assertThat(view.stat(new RawPath("only-right"), true)).isEmpty();
            assertThat(view.stat(new RawPath("only-left"), true)).isPresent();
        }
        assertThat(store.store().changes(left, right, 10).listed())
                .containsExactly(
                        new Commit.Change(Commit.Kind.DELETED, new RawPath("only-left")),
                        new Commit.Change(Commit.Kind.ADDED, new RawPath("only-right")));
    }

    @Test
    void treesMayBeAsDeepAsThePathsOfTheKernel() throws Exception {
        String deep = "mkdir -p " + "d/".repeat(2040) + "; touch -d @1 " + "d/".repeat(2040) + "f";
        Image image = store.after(base, root -> shell(root, deep));
        assertThat(store.after(image, root -> shell(root, "rm -rf d"))).isEqualTo(base);
        String tooDeep = deep + "; cd -P " + "d/".repeat(1000) + "; cd -P " + "d/".repeat(1040) + "; mkdir -p "
                + "d/".repeat(40);
        assertThatThrownBy(() -> store.run(base, root -> shell(root, tooDeep)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("longer than 4095 bytes");
    }

    @Test
    void aFileMayHaveManyNames() throws Exception {
        Image many = store.after(base, root -> shell(root, "mkdir l; for i in $(seq 400); do ln data/b l/$i; done"));
        assertThat(store.after(many, root -> shell(root, "rm -r l"))).isEqualTo(base);
        Image chmodded = store.after(many, root -> shell(root, "rm l/17; chmod 600 l/*"));
        assertThat(StackSums.addedUp(store.store().stack(chmodded))).isEqualTo(StateSums.of(chmodded));
    }

    @Test
    void manyRunsAtOnceAreManyImagesAndEqualOnesAreOne() throws Exception {
        Set<UUID> different = ConcurrentHashMap.newKeySet();
        Set<UUID> equal = ConcurrentHashMap.newKeySet();
        List<Future<?>> runs = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 24; i++) {
                String text = "run " + i;
                runs.add(threads.submit(() -> different.add(store.after(base, root -> write(root.resolve("own"), text))
                        .uuid())));
                runs.add(threads.submit(() -> equal.add(store.after(base, root -> write(root.resolve("same"), "same"))
                        .uuid())));
            }
        }
        for (Future<?> run : runs) {
            run.get();
        }
        assertThat(different).hasSize(24);
        assertThat(equal).hasSize(1);
        assertThat(store.children(store.layout().layers())).hasSize(1 + 24 + 1);
    }
}
