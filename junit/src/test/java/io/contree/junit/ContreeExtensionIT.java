package io.contree.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.contree.embedded.EmbeddedContree;
import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.session.Session;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import io.contree.testkit.RootFs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs test classes as JUnit does and looks at what became of them. */
@ExtendWith(LeakChecker.class)
class ContreeExtensionIT {
    /** Annotations need constants: the root file system has one place. */
    private static final String ROOT = "target/contree-junit/root";

    private static final String FILES = "target/contree-junit/files";
    private static final List<String> SEEN = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void makeRoot() throws Exception {
        Requirements.root();
        if (!Files.exists(Path.of(ROOT))) {
            RootFs.busybox(Path.of(ROOT));
            Files.createDirectories(Path.of(FILES, "sub"));
            Files.writeString(Path.of(FILES, "a"), "one");
            Files.writeString(Path.of(FILES, "sub", "b"), "two");
        }
    }

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    private static EngineExecutionResults run(Class<?> type, String... configuration) {
        EngineTestKit.Builder builder = EngineTestKit.engine("junit-jupiter").selectors(selectClass(type));
        for (int i = 0; i < configuration.length; i += 2) {
            builder.configurationParameter(configuration[i], configuration[i + 1]);
        }
        return builder.execute();
    }

    @Test
    void everyTestHasASessionOfItsOwnOnOneServer() {
        run(Sessions.class)
                .testEvents()
                .assertStatistics(counts -> counts.succeeded(4).failed(0));
        assertThat(SEEN).hasSize(4);
        assertThat(SEEN.stream().distinct()).as("one server").hasSize(1);
    }

    @Test
    void theServerOfTheProfilesIsUsedAndLeftOpen(@TempDir Path home) throws Exception {
        assumeTrue(
                System.getenv().keySet().stream()
                        .noneMatch(name -> name.matches("(CONTREE|NEBIUS)_.*|XDG_CONFIG_HOME")),
                "needs an environment without CONTREE_*, NEBIUS_* and XDG_CONFIG_HOME: they go before profiles");
        try (EmbeddedContree server = EmbeddedContree.start()) {
            Path profiles =
                    Files.createDirectories(home.resolve(".config/contree")).resolve("auth.ini");
            Files.writeString(
                    profiles, "[profile:default]\nurl = " + server.uri() + "\ntoken = " + server.token() + "\n");
            String before = System.setProperty("user.home", home.toString());
            try {
                run(Sessions.class, "contree.junit.server", "environment")
                        .testEvents()
                        .assertStatistics(counts -> counts.succeeded(4).failed(0));
            } finally {
                System.setProperty("user.home", before);
            }
            assertThat(SEEN).hasSize(4).containsOnly(server.uri().toString());
            assertThat(server.client().images().list()).isNotEmpty();
        }
    }

    @ContreeTest(image = "rootfs:" + ROOT)
    static class Sessions {
        @BeforeEach
        void prepare(Session session, Contree contree) {
            session.shell("echo prepared > /mark").execute();
            SEEN.add(contree.baseUrl().toString());
        }

        @Test
        void first(Session session) {
            assertThat(session.readText("/mark")).isEqualTo("prepared\n");
            assertThat(session.exists("/other")).isFalse();
            session.shell("echo x > /other").execute();
        }

        @Test
        void second(Session session, Image image) {
            assertThat(session.exists("/other")).isFalse();
            assertThat(image.exists("/mark")).isFalse();
            session.shell("echo x > /other").execute();
        }

        @ParameterizedTest
        @ValueSource(strings = {"a", "b"})
        void each(String name, Session session) {
            assertThat(session.exists("/other")).isFalse();
            session.shell("echo " + name + " > /other").execute();
        }
    }

    @Test
    void methodsAndNestedClassesMayOverrideIt() {
        run(Layers.class)
                .testEvents()
                .assertStatistics(counts -> counts.succeeded(3).failed(0));
    }

    @ContreeTest(image = "rootfs:" + ROOT, files = FILES + " : /srv")
    static class Layers {
        private final Image ofConstructor;

        Layers(Image image) {
            this.ofConstructor = image;
        }

        @Test
        void filesAreThere(Image image) {
            assertThat(image.readText("/srv/a")).isEqualTo("one");
            assertThat(image.readText("/srv/sub/b")).isEqualTo("two");
            assertThat(ofConstructor.uuid()).isEqualTo(image.uuid());
        }

        @Test
        @ContreeTest(files = FILES + "/a:/etc/a")
        void otherFiles(Image image) {
            assertThat(image.readText("/etc/a")).isEqualTo("one");
            assertThat(image.exists("/srv/a")).isFalse();
        }

        @Nested
        class Inside {
            @Test
            void filesAreThere(Image image) {
                assertThat(image.exists("/srv/a")).isTrue();
            }
        }
    }

    @Test
    void whatIsWrongIsReported() {
        failsWith(NoImage.class, "put @ContreeTest(image");
        failsWith(NoPlace.class, "LOCAL : /in/the/image");
        failsWith(NoFile.class, "which is not there");
        failsWith(TooSoon.class, "@BeforeEach");
    }

    private static void failsWith(Class<?> type, String text, String... configuration) {
        run(type, configuration)
                .allEvents()
                .assertThatEvents()
                .haveAtLeastOne(event(finishedWithFailure(message(found -> found.contains(text)))));
    }

    @ExtendWith(ContreeExtension.class)
    static class NoImage {
        @Test
        void test(Image image) {}
    }

    @ContreeTest(image = "rootfs:" + ROOT, files = "pom.xml")
    static class NoPlace {
        @Test
        void test(Image image) {}
    }

    @ContreeTest(image = "rootfs:" + ROOT, files = "absent.xml:/pom.xml")
    static class NoFile {
        @Test
        void test(Image image) {}
    }

    @ContreeTest(image = "rootfs:" + ROOT)
    static class TooSoon {
        @BeforeAll
        static void before(Session session) {}

        @Test
        void test() {}
    }

    @Test
    void imagesAreKeptWhereThatIsAskedFor(@TempDir Path data) {
        run(ByTag.class, "contree.junit.data", data.toString())
                .testEvents()
                .assertStatistics(counts -> counts.failed(1));
        run(Tags.class, "contree.junit.data", data.toString())
                .testEvents()
                .assertStatistics(counts -> counts.succeeded(1));
        run(ByTag.class, "contree.junit.data", data.toString())
                .testEvents()
                .assertStatistics(counts -> counts.succeeded(1));
    }

    @ContreeTest(image = "rootfs:" + ROOT)
    static class Tags {
        @Test
        void test(Image image) {
            image.tagAs("kept:1");
        }
    }

    @ContreeTest(image = "kept:1")
    static class ByTag {
        @Test
        void test(Image image) {
            assertThat(image.exists("/etc/passwd")).isTrue();
        }
    }

    @Test
    void withoutAServerTestsFailOrAreSkipped(@TempDir Path data) throws Exception {
        Path file = Files.createFile(data.resolve("file"));
        String[] broken = {"contree.junit.data", file.resolve("x").toString()};
        failsWith(ByTag.class, "cannot start a contree server", broken);
        run(ByTag.class, "contree.junit.data", broken[1], "contree.junit.missing", "skip")
                .containerEvents()
                .assertStatistics(counts -> counts.skipped(1).failed(0));
        failsWith(ByTag.class, "allowed is one of [fail, skip]", "contree.junit.missing", "perhaps");
    }
}
