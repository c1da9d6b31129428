package io.contree.store.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.IdMapping;
import io.contree.store.Checkout;
import io.contree.store.DiskUse;
import io.contree.store.Image;
import io.contree.testkit.LoopDisk;
import io.contree.testkit.Requirements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkouts on disks that keep limits of directories; written to as root of their ids does. */
class LimitedCheckoutIT {
    private static final String EXT4 = "mkfs.ext4 -q -F -O quota,project";
    private static final String XFS = "mkfs.xfs -q -f";
    private static final long MB = 1_000_000;
    private static final DiskUse LIMIT = new DiskUse(10 * MB, 200);
    private static final long MARGIN = 1 << 20;
    private static final String REFUSED = "No space left on device|Disk quota exceeded";

    @TempDir
    Path directory;

    private StoreFixture store;

    private interface Check {
        void on(Image base) throws Exception;
    }

    @BeforeEach
    void prepare() throws IOException {
        Requirements.overlayfs();
        Requirements.program("setpriv", "util-linux");
    }

    private void on(String mkfs, Check check) throws Exception {
        try (LoopDisk disk = LoopDisk.makeWithQuota(directory, 1L << 30, mkfs.split(" "))) {
            Path data = Files.createDirectory(disk.root().resolve("data"));
            try (StoreFixture opened = new StoreFixture(data, Optional.of(IdMapping.DEFAULT), 64)) {
                store = opened;
                check.on(opened.base());
            }
        }
    }

    /** What a script says, standard error included. */
    private static String shell(Checkout checkout, String script) throws Exception {
        String root = String.valueOf(IdMapping.DEFAULT.hostStart());
        Process process = new ProcessBuilder(
                        "setpriv", "--reuid", root, "--regid", root, "--clear-groups", "sh", "-c", script)
                .directory(checkout.root().toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    private Image kept(Image image, String script) throws Exception {
        try (Checkout checkout = store.store().checkout(image)) {
            checkout.limitTo(LIMIT);
            assertThat(shell(checkout, script)).isEmpty();
            assertThat(checkout.use(() -> true).isWithin(LIMIT)).isTrue();
            return checkout.commit(StoreFixture.noEnv(), "").image();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EXT4, XFS})
    void aWriteBeyondTheLimitIsRefusedToItsWriterAlone(String mkfs) throws Exception {
        on(mkfs, base -> {
            try (Checkout greedy = store.store().checkout(base);
                    Checkout other = store.store().checkout(base)) {
                greedy.limitTo(LIMIT);
                other.limitTo(LIMIT);
                assertThat(shell(greedy, "dd if=/dev/zero of=big bs=64k count=1600"))
                        .containsPattern(REFUSED);
                assertThat(greedy.metered().orElseThrow().bytes()).isBetween(LIMIT.bytes() + 1, LIMIT.bytes() + MARGIN);
                // A walk counts the directory that was there from the start too.
                assertThat(greedy.use(() -> true).bytes())
                        .isBetween(LIMIT.bytes() + 1, LIMIT.bytes() + MARGIN + (16 << 10));
                // That is what programs see as the size of their disk.
                assertThat(Files.getFileStore(greedy.root()).getTotalSpace())
                        .isBetween(LIMIT.bytes(), LIMIT.bytes() + 2 * MARGIN);
                assertThat(shell(other, "head -c 9500000 /dev/urandom > f; sync f"))
                        .isEmpty();
                assertThat(other.metered().orElseThrow().isWithin(LIMIT)).isTrue();
                // What is removed makes room at once, even if the disk frees it later.
                assertThat(shell(greedy, "for i in 1 2 3 4 5; do rm big; head -c 9500000 /dev/zero > big; done"))
                        .isEmpty();
                assertThat(shell(greedy, "rm big; exec 3> u; rm u; dd if=/dev/zero bs=64k count=1600 >&3"))
                        .containsPattern(REFUSED);
                other.commit(StoreFixture.noEnv(), "");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {EXT4, XFS})
    void filesAreCountedAsBytesAre(String mkfs) throws Exception {
        on(mkfs, base -> {
            try (Checkout checkout = store.store().checkout(base)) {
                checkout.limitTo(LIMIT);
                String made = shell(
                        checkout,
                        "mkdir d; i=0; while [ $i -lt 100000 ]; do echo > d/$i || break; i=$((i+1)); done"
                                + " 2> /dev/null; ls d | wc -l");
                assertThat(Long.parseLong(
                                made.strip().lines().toList().getLast().strip()))
                        .isBetween(LIMIT.files(), LIMIT.files() + 70);
                assertThat(checkout.metered().orElseThrow().isWithin(LIMIT)).isFalse();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {EXT4, XFS})
    void layersHaveNoLimitAndWhatIsCopiedUpCounts(String mkfs) throws Exception {
        on(mkfs, base -> {
            Image image = kept(base, "head -c 6000000 /dev/urandom > f; mkdir d; echo x > d/x; ln f linked");
            image = kept(image, "head -c 6000000 /dev/urandom > g; mv d e; ln e/x y; rm linked; mkfifo p; ln -s a b");
            // More of it than a run may write, and it lies in layers of two projects.
            image = kept(image, "echo more >> f; mv e/x z; chmod 0700 e; mv f h; ln h i");
            try (Checkout checkout = store.store().checkout(image)) {
                checkout.limitTo(LIMIT);
                assertThat(shell(checkout, "cat h g > /dev/null; : >> g; ls")).isEqualTo("""
                        b
                        data
                        dev
                        e
                        etc
                        g
                        h
                        i
                        link
                        p
                        proc
                        sys
                        tmp
                        y
                        z
                        """);
                assertThat(shell(checkout, "echo more >> h")).containsPattern(REFUSED);
            }
            // The commit itself is not the run's.
            try (Checkout checkout = store.store().checkout(image)) {
                checkout.limitTo(LIMIT);
                assertThat(shell(checkout, "dd if=/dev/zero of=big bs=64k count=1600"))
                        .containsPattern(REFUSED);
                Image large = checkout.commit(StoreFixture.noEnv(), "").image();
                assertThat(kept(large, "mv big large; mv large big2").uuid()).isNotEqualTo(large.uuid());
            }
        });
    }
}
