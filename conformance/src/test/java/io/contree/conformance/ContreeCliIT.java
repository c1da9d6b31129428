package io.contree.conformance;

import io.contree.conformance.CompatibilityPage.Client;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** contree-cli 0.9.4, command by command. */
class ContreeCliIT extends ClientSuite {
    private static final String VERSION = "0.9.4";

    @TestFactory
    Stream<DynamicTest> commands() throws Exception {
        Path directory = Files.createDirectories(home.resolve("cli"));
        return new PythonScript(
                        new Client("contree-cli", VERSION),
                        List.of("contree-cli==" + VERSION),
                        List.of("/client/cli.py"),
                        List.of())
                .run(environment(directory), directory);
    }
}
