package io.contree.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk that fails when told to: ext4 on a loop device whose backing file lies on a tmpfs. What the file system keeps for itself
 * has pages there; free blocks have none. With the tmpfs full, the kernel cannot write blocks that were free, flushing them
 * fails, and their pages are dropped: as on a broken disk, or a thin one that has nothing left. Closing unmounts everything.
 */
public final class FailingDisk implements AutoCloseable {
    private static final String SIZE = "120m";

    /** With requests of one page: a loop device takes one that was written in part for a success. */
    private static final String MOUNT = "mount -o loop backing/image disk"
            + " && echo 4 > /sys/block/$(basename $(findmnt -n -o SOURCE disk))/queue/max_sectors_kb";

    /** With what a killed server has mounted on it; what that ran holds it for a moment longer. */
    private static final String UNMOUNT =
            "echo 1280 > /sys/block/$(basename $(findmnt -n -o SOURCE disk))/queue/max_sectors_kb;"
                    + " for i in $(seq 100); do umount -R disk 2>/dev/null && break; sleep 0.1; done; ! mountpoint -q disk";

    private final Path place;

    private FailingDisk(Path place) {
        this.place = place;
    }

    /** A disk of 96 MB that works so far; skips the test where the machine has no loop devices. */
    public static FailingDisk make() throws IOException, InterruptedException {
        Requirements.root();
        Requirements.program("mkfs.ext4", "e2fsprogs");
        Path place = Files.createTempDirectory("contree-failing-disk-");
        FailingDisk disk = new FailingDisk(place);
        Files.createDirectories(place.resolve("backing"));
        Files.createDirectories(place.resolve("disk"));
        String said = disk.shell("mount -t tmpfs -o size=" + SIZE + " none backing && truncate -s 96M backing/image"
                + " && mkfs.ext4 -q -F -b 4096 -J size=8 -E lazy_itable_init=0,lazy_journal_init=0,nodiscard backing/image"
                + " && dd if=backing/image of=backing/image conv=notrunc bs=1M status=none"
                + " && " + MOUNT + " && fstrim disk");
        if (!said.isEmpty()) {
            disk.close();
        }
        assumeTrue(said.isEmpty(), "needs loop devices: " + said);
        return disk;
    }

    /** Where the disk is mounted. */
    public Path path() {
        return place.resolve("disk");
    }

    /** From now on, what needs a new block cannot be flushed. */
    public void fail() throws IOException, InterruptedException {
        demand(
                "sync -f disk && used=$(df -k --output=used backing | tail -1) && mount -o remount,size=${used}k backing");
    }

    /** From now on everything can be flushed; what was lost stays lost. */
    public void heal() throws IOException, InterruptedException {
        demand("mount -o remount,size=" + SIZE + " backing");
    }

    /** Lets somebody else flush the disk and see its error, as any process may; true if there was one. */
    public boolean flushElsewhere() throws IOException, InterruptedException {
        return !shell("sync -f disk").isEmpty();
    }

    /** Writes a file elsewhere on the disk that cannot be flushed; its error is not seen by a flush of the whole disk yet. */
    public void loseOtherFile() throws IOException, InterruptedException {
        shell("dd if=/dev/urandom of=disk/elsewhere bs=1M count=4 conv=fsync 2>&1; rm -f disk/elsewhere");
    }

    /** Loses what only memory has: the disk is unmounted and mounted again. */
    public void forget() throws IOException, InterruptedException {
        demand(UNMOUNT + " && " + MOUNT);
    }

    private void demand(String script) throws IOException, InterruptedException {
        String said = shell(script);
        if (!said.isEmpty()) {
            throw new IOException(script + ": " + said);
        }
    }

    /** What the script says; empty if it succeeds. */
    private String shell(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(place.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int code = process.waitFor();
        return code == 0 ? "" : said.isEmpty() ? "exit code " + code : said;
    }

    @Override
    public void close() throws IOException {
        try {
            shell("(" + UNMOUNT + ") 2>/dev/null; umount backing");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (String name : new String[] {"disk", "backing", ""}) {
            Files.deleteIfExists(place.resolve(name));
        }
    }
}
