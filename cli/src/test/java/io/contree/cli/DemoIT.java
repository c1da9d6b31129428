package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.cli.Launched.Ended;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakChecker.class)
class DemoIT {
    @TempDir
    Path home;

    @BeforeAll
    static void requirements() throws Exception {
        Requirements.crun();
        Requirements.staticBusybox();
    }

    @Test
    void everyClaimHoldsAndNothingIsLeft() throws Exception {
        Path data = home.resolve("data");

        Ended first = Launched.run(home, "demo", "--data", data.toString());
        Ended second = Launched.run(home, "demo", "--data", data.toString());

        assertThat(first.exitCode()).as(first.out() + first.err()).isZero();
        assertThat(first.out()).contains("base: busybox from ", "├─ ", "└─ ", "= known state");
        assertThat(first.out().lines().filter(line -> line.startsWith("✓"))).hasSize(5);
        assertThat(second.exitCode()).as(second.out() + second.err()).isZero();
        assertThat(second.out()).contains("from an earlier demo");
        assertThat(home.resolve("auth.ini")).doesNotExist();
    }

    @Test
    void aDirectoryOfItsOwnGoesWithIt() throws Exception {
        Ended demo = Launched.run(home, "demo");

        assertThat(demo.exitCode()).as(demo.out() + demo.err()).isZero();
        String line = demo.out()
                .lines()
                .filter(said -> said.contains("data in "))
                .findFirst()
                .orElseThrow();
        Path data = Path.of(line.replaceFirst(".*data in (\\S+).*", "$1"));
        assertThat(Files.exists(data)).isFalse();
    }
}
