package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** A script of our test resources that prints {@code ok NAME} or {@code not ok NAME: WHY} for each thing it tries. */
final class PythonScript {
    private PythonScript() {}

    /**
     * Runs a script and makes a test of each line.
     *
     * @param resources the script and what it imports, the script first
     * @param client what the tests are named after
     */
    static Stream<DynamicTest> run(
            PythonEnv python,
            String client,
            List<String> resources,
            List<String> arguments,
            Map<String, String> environment,
            Path directory)
            throws IOException, InterruptedException {
        for (String resource : resources) {
            try (InputStream in = PythonScript.class.getResourceAsStream(resource)) {
                Files.write(directory.resolve(fileName(resource)), in.readAllBytes());
            }
        }
        List<String> command = new ArrayList<>(List.of(
                python.program("python").toString(),
                directory.resolve(fileName(resources.getFirst())).toString()));
        command.addAll(arguments);
        PythonEnv.Output output = PythonEnv.run(command, environment, directory);
        List<String> lines = output.text()
                .lines()
                .filter(line -> line.startsWith("ok ") || line.startsWith("not ok "))
                .toList();
        assertThat(lines).as(output.text()).isNotEmpty();
        return lines.stream()
                .map(line -> dynamicTest(
                        client + " " + line.replaceFirst("^(not )?ok ", "").replaceFirst(":.*", ""),
                        () -> assertThat(line).as(output.text()).startsWith("ok ")));
    }

    private static String fileName(String resource) {
        return resource.substring(resource.lastIndexOf('/') + 1);
    }
}
