package io.contree.sandbox.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code /proc/cpuinfo} says of some of the machine's cores. */
public final class CpuInfo {
    private static final Pattern PROCESSOR = Pattern.compile("processor\\s*:\\s*(\\d+)\\n");
    /** Read once: on a machine with many cores that takes long. Clock rates are as they were then. */
    private static final String MACHINE = read();

    private CpuInfo() {}

    private static String read() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** As text in the kernel's form. */
    public static String of(Collection<Integer> cores) {
        return of(MACHINE, cores);
    }

    /** Paragraphs that are about no core stay. */
    static String of(String machine, Collection<Integer> cores) {
        return Arrays.stream(machine.split("(?<=\\n\\n)"))
                .filter(paragraph -> {
                    Matcher processor = PROCESSOR.matcher(paragraph);
                    return !processor.lookingAt() || cores.contains(Integer.parseInt(processor.group(1)));
                })
                .collect(Collectors.joining());
    }
}
