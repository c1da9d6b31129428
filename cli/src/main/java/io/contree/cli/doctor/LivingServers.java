package io.contree.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The running servers of this machine, by the name that each gives to all that it makes. As long as it lives, a server
 * has a mount of its name in {@code /run}, in its own mount namespace or in a shared one, and in it a file that says
 * which process it is.
 */
final class LivingServers {
    private static final Path PROC = Path.of("/proc");
    private static final Pattern MOUNT = Pattern.compile(" /run/(contree-[0-9a-f]{12}) ");
    // The kernel's first pid namespace (PROC_PID_INIT_INO): only there is every process of the machine seen.
    private static final String WHOLE_MACHINE = "pid:[4026531836]";

    private LivingServers() {}

    /** True if a server that is not found is not running: all processes of this machine are seen. */
    static boolean canBeTold() throws IOException {
        return namespace(PROC.resolve("self")).equals(WHOLE_MACHINE);
    }

    static Set<String> names() throws IOException {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                addServersSeenBy(process, names);
            }
        }
        return names;
    }

    private static void addServersSeenBy(Path process, Set<String> names) throws IOException {
        String mounts;
        try {
            mounts = Files.readString(process.resolve("mountinfo"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // It has ended: the kernel then says that the file is not there, or that its argument is invalid.
            if (Files.exists(process.resolve("exe"))) {
                throw e;
            }
            return;
        }
        Matcher found = MOUNT.matcher(mounts);
        while (found.find()) {
            if (!names.contains(found.group(1)) && runs(process, found.group(1))) {
                names.add(found.group(1));
            }
        }
    }

    // Whatever is not known for certain to be gone counts as running.
    private static boolean runs(Path seenBy, String name) throws IOException {
        if (!namespace(seenBy).equals(WHOLE_MACHINE)) {
            return true;
        }
        String[] owner;
        try {
            owner = Files.readString(seenBy.resolve("root/run").resolve(name).resolve("server"))
                    .strip()
                    .split(" ");
        } catch (IOException e) {
            return true;
        }
        return owner.length != 2
                || !owner[0].matches("[0-9]+")
                || startOf(owner[0]).equals(owner[1]);
    }

    /** When a process started, in kernel ticks: with its pid that identifies one process; empty if it has ended. */
    private static String startOf(String pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid).resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] behindName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean ended = behindName[0].equals("Z");
            return ended ? "" : behindName[19];
        } catch (IOException e) {
            return "";
        }
    }

    private static String namespace(Path process) throws IOException {
        try {
            return Files.readSymbolicLink(process.resolve("ns/pid")).toString();
        } catch (IOException e) {
            if (process.endsWith("self")) {
                throw e;
            }
            return "";
        }
    }
}
