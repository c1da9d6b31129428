package io.contree.store.layer;

import static io.contree.store.overlay.StoreFixture.file;
import static io.contree.store.overlay.StoreFixture.shell;
import static io.contree.store.overlay.StoreFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.contree.store.Checkout;
import io.contree.store.Commit;
import io.contree.store.Image;
import io.contree.store.overlay.StoreFixture;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.LoopDisk;
import io.contree.testkit.Requirements;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run does to directories and files of earlier ones is what it would do on one disk, where blocks are shared and where not. */
@ParameterizedClass
@ValueSource(strings = {"mkfs.ext4 -q -F", "mkfs.xfs -q", "mkfs.btrfs -q"})
@ExtendWith(LeakChecker.class)
class LowerReferencesIT {
    private static final int BIG = 40 << 20;

    @Parameter
    String mkfs;

    @TempDir
    Path directory;

    private LoopDisk disk;
    private StoreFixture store;

    @BeforeEach
    void open() throws Exception {
        disk = LoopDisk.make(directory, 1L << 30, mkfs.split(" "));
        store = new StoreFixture(disk.root().resolve("data"), Optional.empty(), 6);
    }

    @AfterEach
    void close() throws Exception {
        store.close();
        disk.close();
    }

    private Image after(Image image, String script) throws Exception {
        return store.after(image, root -> shell(root, script));
    }

    /** What a script prints in a checkout that it does not change. */
    private String shown(Image image, String script) throws Exception {
        try (Checkout checkout = store.store().checkout(image)) {
            Path output = directory.resolve("output");
            shell(checkout.root(), "(" + script + ") > " + output);
            return Files.readString(output).strip();
        }
    }

    /** So many steps more that layers are merged in between. */
    private Image further(Image image) throws Exception {
        Image now = image;
        for (int i = 0; i < 9; i++) {
            int step = i;
            now = store.after(now, root -> write(root.resolve("step"), "step " + step));
        }
        return after(now, "rm step");
    }

    @Test
    void renamingADirectoryOfAnEarlierStepEqualsCopyingAndRemovingIt() throws Exception {
        Image base = store.base();
        Image renamed = after(base, "python3 -c 'import os; os.rename(\"data\", \"moved\")'");
        assertThat(renamed).isEqualTo(after(base, "cp -a data moved; rm -r data"));
        assertThat(store.read(renamed, "moved/sub/c")).isEqualTo("ccc");
        assertThat(after(renamed, "mv moved data")).isEqualTo(base);
        assertThat(further(renamed)).isEqualTo(renamed);
        assertThat(shown(further(renamed), "stat -c %h moved/a moved/sub/c; echo x >> moved/a; cat moved/linked"))
                .isEqualTo("2\n1\naaax");
    }

    @Test
    void directoriesChangePlacesAndGoIntoEachOther() throws Exception {
        Image base = after(store.base(), "mkdir -p other/in/deep; echo 1 > other/in/deep/f; echo 2 > other/g");
        Image swapped = after(base, "mv data t; mv other data; mv t other; mv other/sub data/in/deep/sub; rm data/g");
        assertThat(shown(swapped, "find data other | sort; cat data/in/deep/f data/in/deep/sub/c"))
                .isEqualTo("data\ndata/in\ndata/in/deep\ndata/in/deep/f\ndata/in/deep/sub\ndata/in/deep/sub/c\n"
                        + "other\nother/a\nother/b\nother/linked\n1\nccc");
        Image back = after(
                further(swapped),
                "echo 2 > data/g; touch -r other/a data/g; mv data/in/deep/sub other/; mv other t; mv data other; mv t data");
        assertThat(store.run(base, root -> shell(root, "touch -r data/a other/g"))
                        .image())
                .isEqualTo(back);
    }

    @Test
    void aDirectoryThatIsHiddenAndBackShowsWhatItHad() throws Exception {
        Image base = after(store.base(), "mkdir -p x/y; echo 1 > x/y/f; mkdir x/z");
        Image image = after(base, "mv x/y y; rm -r x; mkdir x; mv y x/y");
        assertThat(shown(image, "find x | sort; cat x/y/f")).isEqualTo("x\nx/y\nx/y/f\n1");
    }

    /** The kernel takes set-id bits and capabilities from a file that is written to or gets another owner, as a layer's files are. */
    @ParameterizedTest
    @ValueSource(ints = {100, BIG})
    void whatAWriteTakesFromAFileStaysInEveryKindOfCopy(int size) throws Exception {
        Requirements.program("setfacl", "acl");
        Requirements.program("setcap", "libcap2-bin");
        Image base = after(store.base(), """
                mkdir p; for f in uid gid both sticky cap; do head -c %d /dev/zero > p/$f; chown 7:8 p/$f; chmod 755 p/$f; done
                chmod 4755 p/uid; chmod 2710 p/gid; chmod 6755 p/both; chmod 1755 p/sticky; setcap cap_net_raw+ep p/cap
                ln p/both both; setfacl -m u:33:rx p/*""".formatted(size));
        String modes =
                "stat -c '%%a %%u:%%g %%n' p/*; getfacl -pn p/* | grep -c user:33:r-x; getcap p/cap; stat -c %%a %s";
        String before = shown(base, modes.formatted("both"));
        assertThat(before)
                .startsWith("6755 7:8 p/both\n755 7:8 p/cap\n2750 7:8 p/gid\n1755 7:8 p/sticky\n4755 7:8 p/uid\n5\n")
                .contains("cap_net_raw")
                .endsWith("\n6755");
        Image attributes = after(base, "setfattr -n user.a -v b p/uid p/gid p/both p/sticky p/cap; touch -d @5 p/*");
        assertThat(shown(attributes, modes.formatted("both"))).isEqualTo(before);
        Image owned = after(
                attributes,
                "chown 9:9 p/*; chown 7:8 p/*; chmod 4755 p/uid; chmod 2750 p/gid; chmod 6755 p/both; "
                        + "setcap cap_net_raw+ep p/cap");
        assertThat(owned).isEqualTo(attributes);
        Image moved = after(attributes, "python3 -c 'import os; os.rename(\"p\", \"q\")'; rm both");
        Image back = after(further(moved), "mv q p; ln p/both both");
        assertThat(shown(back, modes.formatted("both"))).isEqualTo(before);
        assertThat(shown(further(attributes), modes.formatted("both"))).isEqualTo(before);
    }

    @Test
    void accessListsAreTheSameOnEveryDisk() throws Exception {
        Requirements.program("setfacl", "acl");
        Image base = after(store.base(), "setfacl -m u:7:r data/b; setfacl -d -m u:8:rw data; touch -d @9 data/b data");
        assertThat(after(base, "mv data moved; mv moved data")).isEqualTo(base);
        assertThat(base.uuid()).hasToString("63f73a42-db27-862a-8b7b-43dd23d1df16");
        assertThat(shown(further(after(base, "mv data moved")), "getfacl -nc moved/b moved | grep :[78]:"))
                .isEqualTo("user:7:r--\ndefault:user:8:rw-");
    }

    @Test
    void aLongPathIsNoObstacle() throws Exception {
        String deep = ("n".repeat(200) + "/").repeat(5);
        Image base = after(store.base(), "mkdir -p " + deep + "d; echo 1 > " + deep + "d/f");
        Image image = after(base, "python3 -c 'import os; os.rename(\"" + deep + "d\", \"d\")'");
        assertThat(shown(image, "cat d/f")).isEqualTo("1");
    }

    @Test
    void namesOfOneFileStayTogether() throws Exception {
        Image base = after(store.base(), "mkdir p q; echo 1 > p/a; ln p/a q/b; ln p/a c");
        Image written = after(base, "echo 2 >> p/a");
        assertThat(shown(written, "cat q/b c; stat -c %h c; test c -ef q/b")).isEqualTo("1\n2\n1\n2\n3");
        Image changed = after(further(written), "chmod 600 q/b; chown 7:8 c");
        assertThat(shown(changed, "stat -c '%a %u %g %h' p/a")).isEqualTo("600 7 8 3");
        Image fewer = after(changed, "rm p/a; mv q r; echo 3 >> c");
        assertThat(shown(fewer, "stat -c %h c r/b; cat r/b; test c -ef r/b")).isEqualTo("2\n2\n1\n2\n3");
        Image one = after(further(fewer), "rm -r r");
        assertThat(shown(one, "stat -c %h c; cat c")).isEqualTo("1\n1\n2\n3");
        Image more = after(one, "ln c d");
        assertThat(shown(further(more), "stat -c %h c d; test c -ef d; echo 4 >> d; tail -1 c"))
                .isEqualTo("2\n2\n4");
    }

    @Test
    void otherFilesThanRegularOnesHaveSeveralNamesToo() throws Exception {
        Image base = after(store.base(), "mkfifo pipe; ln pipe pipe2; ln -s data l; ln l l2");
        Image image = after(base, "chmod 600 pipe; mv l data/l");
        assertThat(shown(image, "stat -c '%a %h' pipe2; stat -c %h l2; readlink data/l"))
                .isEqualTo("600 2\n2\ndata");
        assertThat(after(image, "mv data/l l; chmod 644 pipe2")).isEqualTo(base);
    }

    @Test
    void equalFilesAreNotOneFile() throws Exception {
        Image base = after(store.base(), "echo 1 > data/one");
        Image copied = after(base, "mv data moved; cp -a moved data");
        assertThat(shown(further(copied), "echo 2 >> data/one; cat moved/one; stat -c %h moved/one"))
                .isEqualTo("1\n1");
    }

    @Test
    void attributesOfALargeFileCostNoContent() throws Exception {
        Image base = after(store.base(), "head -c " + BIG + " /dev/urandom > big; cp big copy");
        String content = shown(base, "sha256sum < big");
        Image image = base;
        for (String change : List.of(
                "chmod 4755 big",
                "chown 5:6 big",
                "ln big data/big",
                "mv data moved",
                "python3 -c 'import os; os.utime(\"moved/big\", (5, 5))'")) {
            long free = disk.free();
            Commit commit = store.run(image, root -> shell(root, change));
            image = commit.image();
            assertThat(commit.layerBytes()).as(change).isLessThan(BIG / 2);
            assertThat(free - disk.free()).as(change).isLessThan(BIG / 2);
            assertThat(shown(image, "sha256sum < $(test -e moved && echo moved/big || echo big)"))
                    .as(change)
                    .isEqualTo(content);
        }
        assertThat(shown(image, "stat -c '%a %u %h %Y' big")).isEqualTo("755 5 2 5");
        assertThat(shown(further(image), "sha256sum < big; cmp big copy; echo x >> big; cmp big moved/big"))
                .isEqualTo(content);
        store.reopen();
        assertThat(shown(image, "sha256sum < moved/big; cmp copy big")).isEqualTo(content);
    }

    @Test
    void aLargeFileIsTheSameWhereverItsContentLies() throws Exception {
        Image base = after(store.base(), "head -c " + BIG + " /dev/zero | tr '\\0' x > big; touch -d @7 big");
        Image imported = store.image(layer -> file(layer, "other", "x"));
        assertThat(imported).isNotEqualTo(base);
        Image there = after(base, "mv big data/big; chmod 600 data/big");
        assertThat(after(further(there), "mv data/big big; chmod 644 big")).isEqualTo(base);
        assertThat(after(there, "cp -p data/big big; rm data/big; chmod 644 big"))
                .isEqualTo(base);
    }

    @Test
    void whatNoLayerRefersToTakesNoRoom() throws Exception {
        Image base = store.base();
        long free = disk.free();
        try (Checkout checkout = store.store().checkout(base)) {
            shell(checkout.root(), "head -c " + BIG + " /dev/urandom > big; rm big; head -c " + BIG + " /dev/zero > z");
        }
        Image kept = after(base, "head -c " + BIG + " /dev/urandom > big");
        assertThat(after(kept, "cp big more; rm more")).isEqualTo(kept);
        assertThat(free - store.store().settledSpace().freeBytes()).isBetween(BIG / 2L, BIG * 3L / 2);
    }

    @Test
    void aCommittedFileKeepsItsInodeAndItsTimeOfChange() throws Exception {
        String ask = "stat -c '%i %z' made data/a data/sub/c";
        Image base = store.base();
        Map<String, String> seen = new HashMap<>();
        Image image = store.after(base, root -> {
            shell(root, "echo 1 > made; mkdir new; mv data moved; mv moved data");
            Path output = directory.resolve("seen");
            shell(root, "(" + ask + ") > " + output);
            seen.put("in the run", Files.readString(output).strip());
        });
        assertThat(shown(image, ask)).isEqualTo(seen.get("in the run"));
        assertThat(shown(after(image, "echo 2 > another"), ask)).isEqualTo(seen.get("in the run"));
    }
}
