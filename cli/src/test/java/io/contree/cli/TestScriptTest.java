package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./test} itself, with a Maven of this test that records what it is asked for and reports one test. */
class TestScriptTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path checkout;

    private Path asked;

    private int exitCode;

    @BeforeEach
    void copyOfTheScripts() throws IOException {
        Files.createDirectory(checkout.resolve("scripts"));
        for (String name : List.of("test", "scripts/prepare.sh", "scripts/summarize-tests")) {
            Files.copy(ROOT.resolve(name), checkout.resolve(name));
        }
        asked = checkout.resolve("asked");
        Files.createDirectory(checkout.resolve("bin"));
        program(
                "mvn",
                "echo \"$*\" >>'" + asked + "'; mkdir -p a/target/surefire-reports\n"
                        + "echo '<testsuite><testcase name=\"a\" classname=\"A\"/></testsuite>' >a/target/surefire-reports/TEST-A.xml\n");
        program("dpkg-query", "echo installed\n");
        program("apt-get", "echo \"apt-get $*\" >>'" + asked + "'\n");
        program("unshare", "exit 1\n");
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(checkout.resolve("bin").resolve(name), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String test(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("bash", checkout.resolve("test").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge("PATH", "", (path, none) -> checkout.resolve("bin") + ":" + path);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        exitCode = process.waitFor();
        return output;
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h"})
    void helpIsAllThatHappensWhenItIsAskedFor(String option) throws Exception {
        assertThat(test(option)).startsWith("./test [--quick]").contains("CONTREE_TEST_MINUTES");
        assertThat(exitCode).isZero();
        assertThat(asked).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--quik", "--offline", "-quick", "quick", "-pl", ""})
    void whatItDoesNotKnowIsAnErrorBeforeAnythingHappens(String argument) throws Exception {
        assertThat(test("--quick", argument))
                .startsWith("contree: ")
                .contains(argument, "\n./test [--quick]")
                .doesNotContain("Summary");
        assertThat(exitCode).isEqualTo(2);
        assertThat(asked).doesNotExist();
    }

    @Test
    void mavenIsAskedForEverythingAndForWhatTheCallerAdds() throws Exception {
        assertThat(test()).endsWith("\nSummary\n1 passed, 0 failed, 0 skipped\n");
        assertThat(test("-pl", "store", "-am", "-Dtest=AT", "--", "--offline", "clean"))
                .endsWith("\nSummary\n1 passed, 0 failed, 0 skipped\n");
        assertThat(asked).hasContent("""
                        -B -ntp -Dmaven.test.failure.ignore=true verify
                        -B -ntp -Dmaven.test.failure.ignore=true -pl store -am -Dtest=AT --offline clean verify
                        """);
    }

    @Test
    void quickSaysThatItIsNotTheWhole() throws Exception {
        assertThat(test("--quick"))
                .containsPattern("\nSummary\n  --quick: not everything.*\n1 passed, 0 failed, 0 skipped\n$");
        assertThat(asked).content().contains("-DexcludedGroups=slow", "-Dit.test=", " verify");
    }

    @Test
    void theTestsThatQuickNamesAreThere() throws Exception {
        Matcher names = Pattern.compile("\nquick_its=(\\S+)\n").matcher(Files.readString(ROOT.resolve("test")));
        assertThat(names.find()).isTrue();
        try (Stream<Path> modules = Files.list(ROOT)) {
            List<String> classes = modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(TestScriptTest::fileNames)
                    .toList();
            assertThat(names.group(1).split(","))
                    .allSatisfy(name -> assertThat(classes).contains(name + ".java"));
        }
    }

    private static Stream<String> fileNames(Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
