package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.contree.conformance.CompatibilityPage.Client;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;

/**
 * A script of our test resources that prints {@code ok NAME}, {@code not ok NAME: WHY} or {@code skip NAME: WHY} for each thing
 * it tries with a client.
 *
 * @param resources the script and what it imports, the script first
 */
record PythonScript(Client client, List<String> requirements, List<String> resources, List<String> arguments) {
    private static final Pattern LINE = Pattern.compile("(ok|not ok|skip) (\\w+)(?:: (.*))?");

    private enum Outcome {
        WORKS,
        FAILS,
        SKIPPED
    }

    private record Line(Outcome outcome, String feature, String why) {}

    /** Runs the script and makes a test of each line, and one of what docs/compatibility.md says. */
    Stream<DynamicTest> run(Map<String, String> environment, Path directory) throws IOException, InterruptedException {
        PythonEnv python;
        try {
            python = PythonEnv.of(requirements.toArray(String[]::new));
        } catch (TestAbortedException e) {
            CompatibilityPage.skipped(client);
            throw e;
        }
        PythonEnv.Output output = PythonEnv.run(command(python, directory), environment, directory);
        List<Line> lines = output.text().lines().flatMap(PythonScript::parse).toList();
        assertThat(lines).as(output.text()).isNotEmpty();
        Map<String, String> outcomes = new TreeMap<>();
        lines.forEach(line -> outcomes.put(line.feature(), line.outcome().name().toLowerCase(java.util.Locale.ROOT)));
        return Stream.concat(
                lines.stream().map(line -> test(line, output.text())),
                Stream.of(CompatibilityPage.says(client, outcomes)));
    }

    private List<String> command(PythonEnv python, Path directory) throws IOException {
        for (String resource : resources) {
            try (InputStream in = PythonScript.class.getResourceAsStream(resource)) {
                Files.write(directory.resolve(fileName(resource)), in.readAllBytes());
            }
        }
        List<String> command = new ArrayList<>(List.of(
                python.program("python").toString(),
                directory.resolve(fileName(resources.getFirst())).toString()));
        command.addAll(arguments);
        return command;
    }

    private static Stream<Line> parse(String text) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            return Stream.empty();
        }
        Outcome outcome = switch (line.group(1)) {
            case "ok" -> Outcome.WORKS;
            case "skip" -> Outcome.SKIPPED;
            default -> Outcome.FAILS;
        };
        return Stream.of(new Line(outcome, line.group(2).replace('_', ' '), String.valueOf(line.group(3))));
    }

    private DynamicTest test(Line line, String output) {
        return dynamicTest(client + " " + line.feature(), () -> {
            if (line.outcome() == Outcome.SKIPPED) {
                abort(line.why());
            }
            assertThat(line.outcome()).as(line.why() + "\n" + output).isEqualTo(Outcome.WORKS);
        });
    }

    private static String fileName(String resource) {
        return resource.substring(resource.lastIndexOf('/') + 1);
    }
}
