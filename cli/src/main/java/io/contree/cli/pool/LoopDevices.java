package io.contree.cli.pool;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The loop devices of this machine that have a file, from sysfs. */
final class LoopDevices {
    private final Path blockDevices;

    LoopDevices() {
        this(Path.of("/sys/block"));
    }

    LoopDevices(Path blockDevices) {
        this.blockDevices = blockDevices;
    }

    /**
     * One of them.
     *
     * @param device such as {@code /dev/loop0}
     * @param directIo whether it passes by the page cache of the disk below, where everything would lie a second time
     */
    record LoopDevice(Path device, Path file, boolean directIo) {}

    List<LoopDevice> all() {
        List<LoopDevice> found = new ArrayList<>();
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(blockDevices, "loop*")) {
            for (Path device : devices) {
                Path about = device.resolve("loop");
                if (Files.isReadable(about.resolve("backing_file"))) {
                    found.add(new LoopDevice(
                            Path.of("/dev").resolve(device.getFileName()),
                            Path.of(text(about.resolve("backing_file"))),
                            text(about.resolve("dio")).equals("1")));
                }
            }
        } catch (IOException e) {
            throw new PoolException("the loop devices of this machine cannot be listed: " + e.getMessage(), e);
        }
        return found;
    }

    /** Those of a file. */
    List<LoopDevice> of(Path file) {
        return all().stream().filter(device -> device.file().equals(file)).toList();
    }

    /** A device may be let go of while it is looked at. */
    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (java.nio.file.NoSuchFileException e) {
            return "";
        }
    }
}
