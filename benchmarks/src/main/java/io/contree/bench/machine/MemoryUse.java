package io.contree.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What is taken of the machine's memory, in KiB. */
public final class MemoryUse {
    /** What the kernel cannot drop, of programs and its own: no caches of files. */
    private static final Pattern HELD =
            Pattern.compile("(AnonPages|Shmem|SUnreclaim|KernelStack|PageTables|Percpu):\\s+(\\d+) kB");

    private MemoryUse() {}

    /** By everybody, caches left out. */
    public static long ofMachine() throws IOException {
        return HELD.matcher(Files.readString(Path.of("/proc/meminfo")))
                .results()
                .mapToLong(field -> Long.parseLong(field.group(2)))
                .sum();
    }

    /** By one process, shared pages included. */
    public static long ofProcess(long pid) throws IOException {
        return field(Path.of("/proc/" + pid + "/status"), "VmRSS:");
    }

    private static long field(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).replace("kB", "").strip())
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow(() -> new IOException(file + " has no " + name));
    }
}
