package io.contree.sandbox.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CpuInfoTest {
    private static final String X86 = """
            processor\t: 0
            model name\t: A

            processor\t: 1
            model name\t: B

            processor\t: 10
            model name\t: C

            """;

    @Test
    void keepsTheParagraphsOfTheCores() {
        assertThat(CpuInfo.of(X86, List.of(1))).isEqualTo("processor\t: 1\nmodel name\t: B\n\n");
        assertThat(CpuInfo.of(X86, List.of(0, 10))).contains(": A", ": C").doesNotContain(": B");
    }

    @Test
    void keepsWhatIsAboutNoCore() {
        String arm = "processor       : 0\nBogoMIPS : 1\n\nprocessor       : 1\nBogoMIPS : 2\n\nHardware : X\n";
        assertThat(CpuInfo.of(arm, List.of(1))).isEqualTo("processor       : 1\nBogoMIPS : 2\n\nHardware : X\n");
    }
}
