package io.contree.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One line of {@code /proc/PID/mountinfo}; format: proc_pid_mountinfo(5).
 *
 * @param id of the mount, unique on the machine
 * @param point where it is mounted
 * @param options of the mount, such as {@code rw,nosuid}
 * @param type of the file system, such as {@code overlay}
 * @param source what was mounted
 * @param fileSystemOptions of the file system, such as {@code rw,lowerdir=...}
 */
public record MountInfo(int id, Path point, String options, String type, String source, String fileSystemOptions) {

    /** The mounts that this process sees, in the order of the kernel: what covers a mount comes after it. */
    public static List<MountInfo> ofThisProcess() throws IOException {
        return read("self");
    }

    /** The mounts that a process sees. */
    public static List<MountInfo> of(long pid) throws IOException {
        return read(String.valueOf(pid));
    }

    private static List<MountInfo> read(String process) throws IOException {
        byte[] all = Files.readAllBytes(Path.of("/proc/" + process + "/mountinfo"));
        List<MountInfo> mounts = new ArrayList<>();
        for (String line : RawPath.of(all).raw().split("\n")) {
            mounts.add(parse(line));
        }
        return mounts;
    }

    static MountInfo parse(String line) {
        List<String> fields = Arrays.asList(line.split(" "));
        int separator = fields.indexOf("-");
        if (separator < 6 || fields.size() < separator + 4) {
            throw new IllegalArgumentException("no line of mountinfo: " + line);
        }
        return new MountInfo(
                Integer.parseInt(fields.get(0)),
                Path.of(unescape(fields.get(4))),
                fields.get(5),
                fields.get(separator + 1),
                unescape(fields.get(separator + 2)),
                unescape(fields.get(separator + 3)));
    }

    /** Undoes the kernel's octal escapes of space, tab, newline and backslash, and decodes UTF-8. */
    static String unescape(String field) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(field.length());
        int at = 0;
        while (at < field.length()) {
            char c = field.charAt(at);
            if (c == '\\' && at + 4 <= field.length()) {
                bytes.write(Integer.parseInt(field.substring(at + 1, at + 4), 8));
                at += 4;
            } else {
                bytes.write(c);
                at++;
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
