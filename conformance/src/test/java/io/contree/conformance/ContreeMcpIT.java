package io.contree.conformance;

import io.contree.conformance.CompatibilityPage.Client;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** contree-mcp 0.5.0 over stdio, tool by tool. */
class ContreeMcpIT extends ClientSuite {
    private static final String VERSION = "0.5.0";

    @TestFactory
    Stream<DynamicTest> tools() throws Exception {
        Path directory = Files.createDirectories(home.resolve("mcp"));
        // It imports mcp.server.FastMCP, which version 2 of that package no longer has.
        return new PythonScript(
                        new Client("contree-mcp", VERSION),
                        List.of("contree-mcp==" + VERSION, "mcp<2"),
                        List.of("/client/mcp_stdio.py"),
                        List.of())
                .run(environment(directory), directory);
    }
}
