package io.contree.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.cli.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on whatever machine this is, so it asks for what holds on all of them. */
class ExaminationTest {
    @TempDir
    Path directory;

    @Test
    void saysSomethingAboutEverySubjectAndARemedyForWhatIsMissing() {
        List<Finding> findings = new Examination(directory.resolve("not/there/yet")).findings();

        assertThat(findings)
                .extracting(Finding::subject)
                .containsExactly(
                        "kernel",
                        "root",
                        "mount namespace",
                        "overlayfs",
                        "user namespaces",
                        "id-mapped mounts",
                        "user ids",
                        "kernel counters",
                        "cgroups",
                        "seccomp",
                        "native",
                        "crun",
                        "runsc",
                        "network",
                        "leftovers",
                        "data directory",
                        "reflinks",
                        "disk limits",
                        "disk space",
                        "isolation");
        assertThat(findings).allSatisfy(finding -> assertThat(finding.detail()).isNotBlank());
        assertThat(findings)
                .filteredOn(finding ->
                        finding.level() != Level.OK && !finding.subject().equals("isolation"))
                .allSatisfy(finding -> assertThat(finding.remedy()).isNotBlank());
    }

    @Test
    void aForwardChainThatDropsMattersUntilOurDevicesPass() {
        assertThat(NetworkCheck.dropsForwarded("-P INPUT ACCEPT -P FORWARD ACCEPT"))
                .isFalse();
        assertThat(NetworkCheck.dropsForwarded("-P FORWARD DROP -N DOCKER-USER"))
                .isTrue();
        assertThat(NetworkCheck.dropsForwarded("-P FORWARD DROP -A DOCKER-USER -i ctree+ -j ACCEPT"))
                .isFalse();
        String servers =
                "table inet contree-0 { chain forward { type filter hook forward priority filter; policy accept;"
                        + " iifname != \"ctree0*\" return } } ";
        String dropping = "table inet fw { chain fwd { type filter hook forward priority filter; policy drop; } }";
        assertThat(NetworkCheck.dropsForwarded(servers)).isFalse();
        assertThat(NetworkCheck.dropsForwarded(servers + dropping)).isTrue();
        assertThat(NetworkCheck.dropsForwarded(servers + dropping.replace("} }", "iifname \"ctree*\" accept } }")))
                .isFalse();
    }

    @Test
    void leavesNothingBehind() throws IOException {
        Path data = directory.resolve("data");

        new Examination(data).findings();

        try (var left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void runsAreImpossibleAsSoonAsOneThingIsMissing() {
        Finding ok = Finding.ok("a", "there");
        Finding limited = Finding.limited("b", "less", "do this");
        Finding missing = Finding.missing("c", "gone", "do that");

        assertThat(Examination.allowsRuns(List.of(ok, limited))).isTrue();
        assertThat(Examination.allowsRuns(List.of(ok, limited, missing))).isFalse();
    }

    @Test
    void isolationNamesWhatIsInForceAndWhatIsNot() {
        List<Finding> findings = List.of(
                Finding.ok("user namespaces", ""),
                Finding.ok("id-mapped mounts", ""),
                Finding.limited("seccomp", "", ""),
                Finding.ok("cgroups", ""));

        assertThat(new Isolation(findings).finding().detail())
                .contains("a user namespace", "no seccomp filter", "limits of memory")
                .doesNotContain("runsc");
        List<Finding> more = new ArrayList<>(findings);
        more.add(Finding.ok("runsc", ""));
        assertThat(new Isolation(more).finding().detail()).contains("--runtimes runsc");
        assertThat(new Isolation(List.of(Finding.missing("crun", "", "")))
                        .finding()
                        .level())
                .isEqualTo(Level.MISSING);
    }
}
