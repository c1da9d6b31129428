package io.contree.cli.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, in which words, and what is left of an attempt that failed; without any mount. */
class PoolsTest {
    private static final long SIZE = 1L << 30;

    @TempDir
    Path temporary;

    private Path data;
    private Path image;
    private Path fstab;
    private ScriptedTools tools;

    @BeforeEach
    void prepare() throws IOException {
        Path directory = temporary.toRealPath();
        data = directory.resolve("data");
        image = directory.resolve("data.img");
        fstab = directory.resolve("fstab");
        tools = new ScriptedTools(Files.createDirectory(directory.resolve("block")));
    }

    private Pools pools() {
        return new Pools(tools, new LoopDevices(tools.blockDevices), new Fstab(fstab), true);
    }

    private PoolPlan plan(long size) {
        return PoolPlan.of(data, Optional.empty(), size, Optional.empty(), false, false);
    }

    private void requireUntouched() throws IOException {
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactly("block");
        }
        assertThat(new LoopDevices(tools.blockDevices).all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mkfs.xfs", "losetup --find", "mount", "losetup --detach", "blkid"})
    void aStepThatFailsTakesBackThoseBeforeIt(String step) throws IOException {
        tools.failingAt(step);
        if (step.equals("losetup --detach")) {
            // Only the first time: it is also what takes back.
            tools = new ScriptedTools(tools.blockDevices) {
                private boolean failed;

                @Override
                public String run(Tool tool, List<String> arguments) {
                    if (arguments.getFirst().equals("--detach") && !failed) {
                        failed = true;
                        throw new PoolException("losetup --detach failed");
                    }
                    return super.run(tool, arguments);
                }
            };
        }
        String words = step.equals("blkid") ? "is not the file of a pool" : step;
        assertThatThrownBy(() -> pools().create(plan(SIZE)))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining(words);
        requireUntouched();
    }

    @Test
    void whatCannotBeTakenBackIsSaidBesideTheFailure() {
        tools = new ScriptedTools(tools.blockDevices) {
            @Override
            public String run(Tool tool, List<String> arguments) {
                if (tool == Tool.MOUNT || arguments.getFirst().equals("--detach")) {
                    throw new PoolException(tool.program() + " failed");
                }
                return super.run(tool, arguments);
            }
        };
        assertThatThrownBy(() -> pools().create(plan(SIZE))).hasMessage("mount failed; then losetup failed");
        assertThat(image).doesNotExist();
    }

    @Test
    void aKernelWithoutQuotaGetsAPoolWithout() {
        tools.failingAt("mount -t xfs -o discard,prjquota");
        pools().create(plan(SIZE));
        assertThat(tools.calls).contains("mount -t xfs -o discard /dev/loop7 " + data);
    }

    @Test
    void theFailureThatIsToldIsThatOfTheFirstWayToMount() {
        tools.failingAt("mount ");
        assertThatThrownBy(() -> pools().create(plan(SIZE))).hasMessageContaining("discard,prjquota");
    }

    @Test
    void aMissingProgramIsNamedWithItsPackage() throws IOException {
        tools.absent.add(Tool.LOSETUP);
        assertThatThrownBy(() -> pools().create(plan(SIZE)))
                .hasMessageContaining("losetup is not installed: apt-get install mount");
        tools.absent.addAll(List.of(Tool.MKFS_XFS, Tool.MKFS_BTRFS));
        assertThatThrownBy(() -> pools().create(plan(SIZE)))
                .hasMessageContaining("mkfs.xfs is not installed: apt-get install xfsprogs");
        requireUntouched();
    }

    @Test
    void btrfsIsTakenWhereOnlyThatIsInstalled() {
        tools.absent.add(Tool.MKFS_XFS);
        assertThat(PoolFileSystem.preferred(tools)).isEqualTo(PoolFileSystem.BTRFS);
    }

    @Test
    void withoutRootNothingIsTried() throws IOException {
        Pools pools = new Pools(tools, new LoopDevices(tools.blockDevices), new Fstab(fstab), false);
        assertThatThrownBy(() -> pools.create(plan(SIZE))).hasMessageContaining("sudo contree pool create");
        assertThatThrownBy(() -> pools.remove(data, true)).hasMessageContaining("needs root");
        assertThat(tools.calls).isEmpty();
        requireUntouched();
    }

    @Test
    void aDiskWithoutRoomIsToldBeforeAnythingIsDone() throws IOException {
        assertThatThrownBy(() -> pools().create(plan(1L << 60)))
                .hasMessageContaining("free")
                .hasMessageContaining("--overcommit");
        requireUntouched();
    }

    @Test
    void dataThatIsThereIsNotHidden() throws IOException {
        Files.createDirectory(data);
        Files.writeString(data.resolve("format"), "contree data 1\n");
        assertThatThrownBy(() -> pools().create(plan(SIZE)))
                .hasMessageContaining("contree backup")
                .hasMessageContaining("contree restore");
        Files.move(data.resolve("format"), data.resolve("thesis.txt"));
        assertThatThrownBy(() -> pools().create(plan(SIZE))).hasMessageContaining("there is thesis.txt");
        assertThat(data.resolve("thesis.txt")).hasContent("contree data 1\n");
        assertThat(image).doesNotExist();
    }

    @Test
    void aFileThatIsNoPoolIsNotTaken() throws IOException {
        Files.writeString(image, "a thesis");
        tools.blkid = "LABEL=thesis\nTYPE=xfs\n";
        assertThatThrownBy(() -> pools().create(plan(SIZE))).hasMessageContaining("is there and is not a pool");
        tools.failingAt("blkid");
        assertThatThrownBy(() -> pools().create(plan(SIZE))).hasMessageContaining("is there and is not a pool");
        assertThat(image).hasContent("a thesis");
    }

    @Test
    void aPoolOfAnotherSizeIsNotTaken() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(SIZE);
        }
        assertThatThrownBy(() -> pools().create(plan(SIZE + 4096)))
                .hasMessageContaining("is a pool already")
                .hasMessageContaining("contree pool mount");
        assertThat(image).hasSize(SIZE);
    }

    @Test
    void whatAKilledAttemptLeftIsMadeUseOf() throws IOException {
        Path directory = image.getParent();
        Files.writeString(directory.resolve("data.img.unfinished"), "half a file system");
        tools.failingAt("mount ");
        assertThatThrownBy(() -> pools().create(plan(SIZE))).isInstanceOf(PoolException.class);
        requireUntouched();

        // Killed between the making of the file and the mount: it is attached, and its sign is there.
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(SIZE);
        }
        tools.run(Tool.LOSETUP, "--find", "--show", image.toString());
        Files.createDirectory(data);
        Files.writeString(data.resolve("pool-not-mounted"), image + "\n");
        tools.calls.clear();
        tools.failingAt("nothing");
        pools().create(plan(SIZE));
        assertThat(tools.calls)
                .contains("mount -t xfs -o discard,prjquota /dev/loop7 " + data)
                .noneMatch(call -> call.startsWith("mkfs") || call.startsWith("losetup --find"));
        assertThat(image).hasSize(SIZE);
    }

    @Test
    void aPoolThatIsNotMountedIsFoundByItsSignAndRemovedByForceAlone() throws IOException {
        Files.createDirectory(data);
        Files.writeString(data.resolve("pool-not-mounted"), image + "\n");
        Files.writeString(image, "x");
        Files.writeString(fstab, "UUID=1 / ext4 defaults 0 1\n" + Fstab.line(image, data, "xfs", "discard") + "\n");
        PoolStatus status = pools().status(data);
        assertThat(status.device()).isNull();
        assertThat(status.atBoot()).isTrue();
        assertThatThrownBy(() -> pools().remove(data, false)).hasMessageContaining("--force");
        assertThat(image).exists();
        pools().remove(data, true);
        assertThat(image).doesNotExist();
        assertThat(data).isEmptyDirectory();
        assertThat(fstab).hasContent("UUID=1 / ext4 defaults 0 1\n");
    }

    @Test
    void whereThereIsNoneItIsSaidHowToMakeOne() {
        assertThatThrownBy(() -> pools().status(data)).hasMessageContaining("contree pool create --size");
        assertThatThrownBy(() -> pools().mount(data, Optional.empty())).hasMessageContaining("has no pool");
    }

    @Test
    void plansThatCannotBeAreRefused() {
        Path inside = data.resolve("pool.img");
        assertThatThrownBy(() -> {
                    Files.createDirectory(data);
                    PoolPlan.of(data, Optional.of(inside), SIZE, Optional.empty(), false, false);
                })
                .hasMessageContaining("would lie within");
        assertThatThrownBy(() -> plan(1000)).hasMessageContaining("at least 512M");
        assertThatThrownBy(() ->
                        PoolPlan.of(data.resolve("no/where"), Optional.empty(), SIZE, Optional.empty(), false, false))
                .hasMessageContaining("there is no directory");
    }
}
