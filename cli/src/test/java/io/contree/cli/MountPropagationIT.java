package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.Program;
import io.contree.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that ./contree starts beside the machine's own mounts. */
class MountPropagationIT {
    /**
     * A machine whose mounts are shared, as systemd makes them: a disk is mounted, a server starts, the disk is
     * unmounted and formatted again. Arguments: directory, prepare.sh, command of the server.
     */
    private static final String MACHINE = """
            set -eu
            directory=$1 prepare=$2
            shift 2
            mount --make-rshared /
            cd "$directory"
            truncate --size=16M image
            mkfs.ext4 -q image
            mkdir disk
            device=$(losetup --find --show image)
            trap 'umount disk 2>/dev/null || true; losetup --detach "$device"' EXIT
            mount "$device" disk
            root=$directory; source "$prepare"
            "${private_mounts[@]}" "$@" >out 2>err &
            server=$!
            trap 'kill "$server" 2>/dev/null && wait "$server" || true; umount disk 2>/dev/null || true
                losetup --detach "$device"' EXIT
            for attempt in $(seq 600); do
                grep -q listening out && break
                [ -e "/proc/$server" ] || break
                sleep 0.1
            done
            grep listening out || { cat err; exit 1; }
            grep -q ' /run/contree-' "/proc/$server/mountinfo" && echo the server has mounts
            grep -q ' /run/contree-' /proc/self/mountinfo || echo the machine does not see them
            grep -q " $directory/disk " "/proc/$server/mountinfo" && echo the server sees the disk
            umount disk
            grep -q " $directory/disk " "/proc/$server/mountinfo" || echo the server has let go of the disk
            mkfs.ext4 -q "$device" && echo the disk is formatted again
            """;

    @TempDir
    Path directory;

    @BeforeEach
    void requirements() throws IOException {
        Requirements.crun();
        Requirements.program("mkfs.ext4", "e2fsprogs");
        Requirements.program("losetup", "mount");
    }

    @Test
    void aDiskThatTheMachineUnmountsIsFree() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        List<String> command = new ArrayList<>(List.of("--mount", "--propagation", "private", "env"));
        command.addAll(List.of("CONTREE_HOME=" + home, "bash", "-c", MACHINE, "machine", directory.toString()));
        command.add(Path.of("../scripts/prepare.sh").toAbsolutePath().toString());
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.contree.cli.Main",
                "server",
                "--listen=127.0.0.1:0",
                "--data",
                directory.resolve("data").toString()));

        assertThat(new Program("unshare").run(command).lines())
                .filteredOn(line -> line.startsWith("the "))
                .containsExactly(
                        "the server has mounts",
                        "the machine does not see them",
                        "the server sees the disk",
                        "the server has let go of the disk",
                        "the disk is formatted again");
    }
}
