package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdRangesIT {
    @TempDir
    Path directory;

    private static int start(IdRanges.Range range) {
        return range.users().mapping().hostStart();
    }

    @Test
    void nobodyElseHasARangeUntilItIsGivenBack() throws Exception {
        try (IdRanges ranges = new IdRanges(IdMapping.DEFAULT)) {
            IdRanges.Range first = ranges.take();
            IdRanges.Range second = ranges.take();
            assertThat(List.of(start(first), start(second))).containsExactly(100_000, 165_536);
            first.close();
            first.close();
            assertThat(start(ranges.take())).isEqualTo(100_000);
            // To give back twice gives nobody else's away.
            first.close();
            assertThat(start(ranges.take())).isEqualTo(231_072);
        }
    }

    @Test
    void noRangeIsLeftWhenAllAreTaken() throws Exception {
        try (IdRanges ranges = new IdRanges(new IdMapping(Integer.MAX_VALUE - 20, 10))) {
            ranges.take();
            IdRanges.Range last = ranges.take();
            assertThatThrownBy(ranges::take).isInstanceOf(IOException.class).hasMessageContaining("all 2 ranges");
            last.close();
            assertThat(start(ranges.take())).isEqualTo(start(last));
        }
    }

    /** What the kernel counts for a user is counted for the owner of its namespace too: never for root of the machine. */
    @Test
    void aNamespaceBelongsToItsOwnRoot() throws Exception {
        try (IdRanges ranges = new IdRanges(IdMapping.DEFAULT.next(5))) {
            UserNamespace users = ranges.take().users();
            Process owner =
                    new ProcessBuilder("python3", "-c", """
                    import fcntl, struct, sys
                    with open(sys.argv[1]) as namespace:
                        NS_GET_OWNER_UID = 0xb704
                        print(struct.unpack("I", fcntl.ioctl(namespace, NS_GET_OWNER_UID, bytes(4)))[0])
                    """, users.path().toString()).start();
            assertThat(owner.inputReader().readLine())
                    .isEqualTo("" + users.mapping().hostStart());
        }
    }

    @Test
    void aNetworkBelongsToItsRange() throws Exception {
        Path file = directory.resolve("net");
        try (IdRanges ranges = new IdRanges(IdMapping.DEFAULT.next(6))) {
            UserNamespace owner = ranges.take().users();
            UserNamespace other = ranges.take().users();
            try (PinnedNetwork network = PinnedNetwork.make(file, Optional.of(owner))) {
                assertThat(enter(owner, network)).isZero();
                assertThat(enter(other, network)).isNotZero();
            }
        }
        assertThat(file).doesNotExist();
    }

    /** As root of a namespace. */
    private static int enter(UserNamespace users, PinnedNetwork network) throws Exception {
        // By descriptor: it may not walk to the file.
        String enter =
                "exec nsenter --user=" + users.path() + " nsenter --net=/proc/self/fd/9 true 9<" + network.path();
        return new ProcessBuilder("sh", "-c", enter)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void leavesNothing() throws Exception {
        long files;
        long children = ProcessHandle.current().children().count();
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            files = open.count();
        }
        try (IdRanges ranges = new IdRanges(IdMapping.DEFAULT)) {
            ranges.take();
            ranges.take().close();
        }
        assertThat(ProcessHandle.current().children().count()).isEqualTo(children);
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(open.count()).isEqualTo(files);
        }
    }
}
