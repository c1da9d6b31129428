package io.contree.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.Contree;
import io.contree.sdk.ContreeClientException;
import io.contree.sdk.Image;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakChecker.class)
class EmbeddedContreeIT {
    @TempDir
    Path directory;

    private Path root;

    @BeforeAll
    static void requireTheMachine() {
        Requirements.root();
    }

    @BeforeEach
    void makeRoot() throws Exception {
        root = RootFs.busybox(directory.resolve("root"));
    }

    private Image box(EmbeddedContree contree) {
        return contree.client()
                .images()
                .importFrom("rootfs:" + root)
                .tag("box:1")
                .execute();
    }

    @Test
    void runsAndIsGoneWithItsData() {
        Path data;
        Contree client;
        try (EmbeddedContree contree = EmbeddedContree.start()) {
            data = contree.directory();
            client = contree.client();
            assertThat(box(contree).shell("echo hello").execute().stdout()).isEqualTo("hello\n");
            assertThat(contree.uri().getHost()).isEqualTo("127.0.0.1");
            assertThat(data).isNotEmptyDirectory();
            try (Contree other = Contree.builder()
                    .baseUrl(contree.uri().toString())
                    .token(contree.token())
                    .build()) {
                assertThat(other.images().use("box:1").uuid()).isNotNull();
            }
            contree.close();
        }
        assertThat(data).doesNotExist();
        assertThatThrownBy(client::whoami).isInstanceOf(RuntimeException.class);
    }

    @Test
    void twoRunInOneJvmAndKnowNothingOfEachOther() {
        try (EmbeddedContree one = EmbeddedContree.start(directory.resolve("one"));
                EmbeddedContree two = EmbeddedContree.start(directory.resolve("two"))) {
            Image first = box(one);
            Image second = box(two);
            assertThat(first.uuid()).isEqualTo(second.uuid());
            Image changed = first.shell("echo x > /x").execute().image();
            assertThat(second.shell("ls /x").execute().exitCode()).isNotZero();
            assertThatThrownBy(() -> two.client().images().find(changed.toString()))
                    .isInstanceOf(ContreeClientException.class);
            one.close();
            assertThat(second.shell("echo still").execute().stdout()).isEqualTo("still\n");
        }
    }

    @Test
    void dataThatAreKeptAreThereAgain() {
        Path data = directory.resolve("data");
        Image image;
        try (EmbeddedContree contree = EmbeddedContree.start(data)) {
            image = box(contree);
            assertThatThrownBy(() -> EmbeddedContree.start(data))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("in use");
        }
        try (EmbeddedContree contree = EmbeddedContree.start(data, Map.of("max-running", "1"))) {
            assertThat(contree.client().images().use("box:1").uuid()).isEqualTo(image.uuid());
        }
        assertThat(data).isNotEmptyDirectory();
    }

    @Test
    void settingsThatThereAreNotAreNamed() throws IOException {
        assertThatThrownBy(() -> EmbeddedContree.start(directory.resolve("data"), Map.of("max-runing", "1")))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("max-running");
        assertThatThrownBy(() -> EmbeddedContree.start(directory.resolve("data"), Map.of("runtime", "no-runtime")))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("install");
    }

    @Test
    void theEndOfTheJvmIsTheEndOfTheServer() throws Exception {
        Process child = child(List.of("--enable-native-access=ALL-UNNAMED"), root.toString());
        String out = new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(out).as("and nothing was logged").startsWith("data ").hasLineCount(1);
        assertThat(Path.of(out.strip().substring("data ".length()))).doesNotExist();
    }

    @Test
    void withoutNativeAccessTheFlagIsNamed() throws Exception {
        List<Path> before = temporaries();
        Process child = child(List.of("--illegal-native-access=deny"), root.toString());
        String out = new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isNotZero();
        assertThat(out).contains("CannotStartException").contains("start it with --enable-native-access=ALL-UNNAMED");
        assertThat(temporaries()).containsExactlyInAnyOrderElementsOf(before);
    }

    private static List<Path> temporaries() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.toString().contains("contree-embedded-"))
                    .toList();
        }
    }

    private static Process child(List<String> flags, String argument) throws IOException {
        List<String> command = new java.util.ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LeavesItOpen.class.getName(), argument));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** A program that does not close. */
    static final class LeavesItOpen {
        public static void main(String[] arguments) {
            EmbeddedContree contree = EmbeddedContree.start();
            contree.client().images().importFrom("rootfs:" + arguments[0]).execute();
            System.out.println("data " + contree.directory());
            System.exit(0);
        }
    }
}
