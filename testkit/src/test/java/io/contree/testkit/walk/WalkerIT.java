package io.contree.testkit.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.testkit.Requirements;
import io.contree.testkit.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The walker in plain directories. */
class WalkerIT {
    private Path scratch;
    private Walker walker;

    @BeforeEach
    void compile() throws Exception {
        Requirements.root();
        scratch = Files.createTempDirectory("contree-walker-");
        walker = Walker.compile(scratch);
    }

    @AfterEach
    void remove() throws Exception {
        if (scratch != null) {
            Trees.remove(scratch);
        }
    }

    @Test
    void doesTheSameInTwoDirectoriesAndEverythingOnceAtLeast() throws Exception {
        Path one = Files.createDirectory(scratch.resolve("one"));
        Path other = Files.createDirectory(scratch.resolve("other"));
        Set<String> done = new TreeSet<>();
        TwoWalks walks = new TwoWalks(step -> walker.run(one, step), step -> {
            String printed = walker.run(other, step);
            printed.lines()
                    .filter(line -> line.matches("\\d+ .* -> done"))
                    .forEach(line -> done.add(line.split(" +")[1]));
            return printed;
        });
        for (int step = 1; step <= 20; step++) {
            walks.step("step " + step, Walker.step(1, step, 60, step % 5 == 0));
        }
        assertThat(walks.moved()).isEmpty();
        assertThat(done)
                .contains("create", "append", "truncate", "write-in", "punch-hole", "mmap", "mkdir", "rmdir", "unlink")
                .contains("rm-r", "rename", "exchange", "rename-new", "there", "and-back", "replace", "link", "symlink")
                .contains("mknod", "chmod", "fchmod", "chown", "setxattr", "removexattr", "touch", "tmpfile", "linkat")
                .contains("open-unlink", "open-rename", "held-rename", "copy", "settle");
    }

    @Test
    void runsACommandBetweenTwoListings() throws Exception {
        Path directory = Files.createDirectory(scratch.resolve("one"));
        Files.writeString(directory.resolve("a"), "a");
        String printed = walker.run(directory, Walker.script("mv a b; ln b c; echo said; echo complained >&2; exit 3"));
        WalkedStep step = WalkedStep.parse(printed);
        assertThat(step.before().common()).containsOnlyKeys("a");
        assertThat(step.operations()).isEqualTo(List.of("said", "complained", "", "status 768"));
        assertThat(step.after().common().get("c")).contains("links=2 first=b");
    }
}
