package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Changes;
import io.contree.sdk.Image;
import io.contree.sdk.RunResult;
import io.contree.testkit.Program;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import io.contree.testkit.Trees;
import io.contree.testkit.walk.TwoWalks;
import io.contree.testkit.walk.Walker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A chain of runs beside one plain tree, both begun with the same files. */
abstract class OneMachineSuite extends ServerSuite {
    private static final int OUTPUT = 64 << 20;

    Walker walker;
    PlainMachine plain;
    Image start;

    @BeforeAll
    void begin() throws Exception {
        Requirements.root();
        Path tree = home.resolve("plain");
        fill(tree);
        walker = Walker.compile(home);
        Files.copy(walker.program(), tree.resolve("walker"), StandardCopyOption.COPY_ATTRIBUTES);
        plain = new PlainMachine(tree);
        start = imported();
    }

    /** Whether layers are merged on the way: their files get other inode numbers, so that git looks at them again. */
    boolean merges() {
        return false;
    }

    @Override
    String[] options() {
        return merges() ? new String[] {"--stack-layers", "6"} : super.options();
    }

    /** Makes the tree that both begin with. */
    abstract void fill(Path tree) throws Exception;

    /** Makes the tree of a Debian that has what scripts need, with a directory for each of them. */
    static void fill(Path tree, List<WorkScript> scripts) throws Exception {
        List<String> packages = scripts.stream()
                .flatMap(script -> script.packages().stream())
                .distinct()
                .sorted()
                .toList();
        new Program("cp").run("-a", RootFs.debianTree(packages).toString(), tree.toString());
        for (WorkScript script : scripts) {
            Files.createDirectories(tree.resolve("w").resolve(script.name()));
        }
    }

    /** What the plain tree is now. */
    Image imported() {
        return contree.images().importFrom("rootfs:" + plain.root()).execute();
    }

    /** Not JUnit's, which cannot say all names that walks make, and complains of the links in a Debian. */
    @Override
    Path home(Path directory) throws Exception {
        return Files.createTempDirectory("one-machine-");
    }

    @Override
    @AfterAll
    void stopServer() {
        super.stopServer();
        if (home != null) {
            try {
                Trees.remove(home);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The side that is a chain of runs. */
    static final class Chain {
        private Image image;

        Chain(Image image) {
            this.image = image;
        }

        Image image() {
            return image;
        }

        /** Runs the walker in a directory of what the last run left. */
        String walk(String directory, List<String> step) {
            List<String> arguments = new ArrayList<>(List.of(directory));
            arguments.addAll(step);
            RunResult result = image.command("/walker", arguments.toArray(String[]::new))
                    .outputLimit(OUTPUT)
                    .timeout(Duration.ofMinutes(5))
                    .execute();
            assertThat(result.exitCode()).as(result.stdout() + result.stderr()).isZero();
            assertThat(result.truncated()).isFalse();
            image = result.image();
            return result.stdout();
        }
    }

    /** Goes through a script on both sides, in a directory of its own. */
    void work(WorkScript script) throws Exception {
        String place = "/w/" + script.name();
        Chain chain = new Chain(start);
        TwoWalks walks = walks(place, chain, script);
        for (WorkScript.Step step : script.steps()) {
            Image before = chain.image();
            walks.step(script.name() + ", step \"" + step.title() + "\"", Walker.script(step.script()));
            if (step.changesNothing() && !merges()) {
                assertThat(chain.image().changesSince(before, 20))
                        .as(script.name() + ", step \"" + step.title() + "\"")
                        .isEqualTo(new Changes(List.of(), 0));
                assertThat(chain.image().uuid()).isEqualTo(before.uuid());
            }
        }
    }

    private TwoWalks walks(String place, Chain chain, WorkScript script) {
        TwoWalks walks =
                new TwoWalks(step -> plain.walk(place, step), step -> chain.walk(place, step), script.unlike());
        if (!script.filesCount()) {
            walks.compareNoFiles();
        }
        return walks;
    }
}
