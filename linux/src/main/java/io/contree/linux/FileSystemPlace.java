package io.contree.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an open file lies: two descriptors of one file system have comparable places, whatever mounts they were reached by.
 *
 * @param device of the file system, {@code MAJOR:MINOR} as mountinfo has it
 * @param path within the file system, from its own root
 * @param name within this process's view of the machine
 */
public record FileSystemPlace(String device, Path path, Path name) {
    /**
     * The place of an open file, which may be opened with {@link FileCalls#PATH_ONLY}. Empty where this process cannot say:
     * the mount belongs to another namespace, or the file has no name any more.
     */
    public static Optional<FileSystemPlace> of(Fd file) throws IOException {
        String mount = Files.readAllLines(Path.of("/proc/self/fdinfo/" + file.number())).stream()
                .filter(line -> line.startsWith("mnt_id:"))
                .map(line -> line.substring("mnt_id:".length()).strip())
                .findFirst()
                .orElse("");
        String name = FileCalls.readLink(Fd.CWD, file.procPath()).raw();
        if (!name.startsWith("/") || FileCalls.statIfPresent(Fd.CWD, name).isEmpty()) {
            return Optional.empty();
        }
        byte[] all = Files.readAllBytes(Path.of("/proc/self/mountinfo"));
        for (String line : RawPath.of(all).raw().split("\n")) {
            String[] fields = line.split(" ");
            if (fields[0].equals(mount)) {
                return within(fields[2], MountInfo.unescape(fields[3]), MountInfo.unescape(fields[4]), name);
            }
        }
        return Optional.empty();
    }

    static Optional<FileSystemPlace> within(String device, String root, String point, String rawName) {
        Path name = Path.of(RawPath.toText(rawName));
        Path mounted = Path.of(point);
        return name.startsWith(mounted)
                ? Optional.of(new FileSystemPlace(
                        device, Path.of(root).resolve(mounted.relativize(name)).normalize(), name))
                : Optional.empty();
    }

    /** Whether this is the other place or below it. */
    public boolean isWithin(FileSystemPlace other) {
        return device.equals(other.device) && path.startsWith(other.path);
    }
}
