package io.contree.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.cli.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CounterCheckTest {
    @TempDir
    Path directory;

    private void set(String file, String value) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, value + "\n");
    }

    @Test
    void saysWhatIsTooLowAndHowToRaiseIt() throws IOException {
        set("fs/inotify/max_user_instances", "64");
        set("fs/inotify/max_user_watches", "1048576");
        set("fs/aio-max-nr", "65536");

        Finding finding = new CounterCheck(directory).counters();

        assertThat(finding.level()).isEqualTo(Level.LIMITED);
        assertThat(finding.detail())
                .contains("fs.inotify.max_user_instances is 64", "fs.aio-max-nr is 65536")
                .doesNotContain("watches");
        assertThat(finding.remedy()).isEqualTo("sysctl -w fs.inotify.max_user_instances=128 fs.aio-max-nr=268435456");
    }

    @Test
    void isContentWithEnough() throws IOException {
        set("fs/inotify/max_user_instances", "128");
        set("fs/aio-max-nr", "1073741824");

        assertThat(new CounterCheck(directory).counters().level()).isEqualTo(Level.OK);
    }

    @Test
    void namesWhoElseHasTheIdsOfRuns() throws IOException {
        Path file =
                Files.writeString(directory.resolve("subuid"), "root:1:10\nalice:100000:65536\nbob:2000000:65536\n");

        Finding finding = new SubordinateIds(List.of(file, directory.resolve("none"))).ids();

        assertThat(finding.level()).isEqualTo(Level.LIMITED);
        assertThat(finding.detail()).contains("alice:100000:65536").doesNotContain("bob", "root:");
        assertThat(finding.remedy()).contains("--userns-start");
        Files.writeString(file, "# nobody\nbob:2000000:65536\nbroken:x:y\n");
        assertThat(new SubordinateIds(List.of(file)).ids().level()).isEqualTo(Level.OK);
    }
}
