package io.contree.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel's numbers for both architectures, compared with its own headers where these are installed. */
class NumbersTest {
    private static final Pattern DEFINE = Pattern.compile("#define __NR(?:3264)?_(\\w+)\\s+(\\d+)");

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void callNumbersAreThoseOfTheKernelHeaders(Architecture architecture) throws IOException {
        Path header = Path.of(
                architecture == Architecture.X86_64
                        ? "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"
                        : "/usr/include/asm-generic/unistd.h");
        assumeTrue(Files.exists(header), header + " is missing: install linux-libc-dev");
        Map<String, Integer> numbers = new HashMap<>();
        Matcher matcher = DEFINE.matcher(Files.readString(header));
        while (matcher.find()) {
            numbers.put(matcher.group(1), Integer.valueOf(matcher.group(2)));
        }
        for (Call call : Call.values()) {
            Integer expected = numbers.get(call.name().toLowerCase(Locale.ROOT));
            // Headers may be older than the newest calls.
            if (expected != null) {
                assertThat(call.number(architecture)).as(call.name()).isEqualTo(expected);
            }
        }
        assertThat(numbers).containsKeys("openat2", "statx", "mount_setattr");
    }

    @Test
    void openFlagsDifferByArchitecture() {
        int flags = FileCalls.DIRECTORY | FileCalls.NO_FOLLOW | FileCalls.PATH_ONLY;

        assertThat(OpenFlags.kernelFlags(flags, Architecture.X86_64)).isEqualTo(0x2B0000);
        assertThat(OpenFlags.kernelFlags(flags, Architecture.ARM64)).isEqualTo(0x28C000);
    }

    @Test
    void knowsTheNamesOfArchitectures() {
        assertThat(Architecture.of("amd64")).isEqualTo(Architecture.X86_64);
        assertThat(Architecture.of("aarch64")).isEqualTo(Architecture.ARM64);
        assertThatThrownBy(() -> Architecture.of("riscv64")).hasMessageContaining("riscv64");
    }
}
