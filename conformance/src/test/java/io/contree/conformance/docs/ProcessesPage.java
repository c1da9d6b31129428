package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Contree;
import io.contree.sdk.session.Session;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/sdk/processes.md, and the examples of docs/sdk/python.md that are about processes. */
public interface ProcessesPage extends DocsPage {
    @Test
    default void processes() throws IOException, InterruptedException {
        Contree contree = contree();
        // docs: processes
        Session session = contree.images().use("ubuntu:latest").session();
        Process shell = session.popen("sh");
        BufferedWriter in = shell.outputWriter(StandardCharsets.UTF_8);
        BufferedReader out = shell.inputReader(StandardCharsets.UTF_8);
        in.write("echo $((6 * 7))\n");
        in.flush(); // input is buffered
        System.out.println(out.readLine()); // 42
        in.close(); // the end of its input ends the shell
        int code = shell.waitFor(); // the session has moved to the state that it left
        // end
        assertThat(code).isZero();
        assertThat(printed()).isEqualTo("42\n");
        assertThat(session.history()).hasSize(2);
    }

    @Test
    default void processBuilder() throws IOException, InterruptedException {
        Session session = ubuntu().session();
        Path local = local();
        // docs: processes-builder
        var builder = session.process("sh", "-c", "pwd; echo $LEVEL; ls no-such-file");
        builder.environment().put("LEVEL", "3");
        Process process = builder.directory("/work")
                .redirectErrorStream(true)
                .redirectOutput(local.resolve("log").toFile())
                .start();
        // end
        assertThat(process.waitFor()).isNotZero();
        assertThat(local.resolve("log")).content().startsWith("/work\n3\n").contains("no-such-file");
    }

    @Test
    default void pythonPopen() throws IOException, InterruptedException {
        Session session = ubuntu().session();
        // docs: py-popen
        Process proc = session.popen("cat");
        try (BufferedWriter stdin = proc.outputWriter()) {
            stdin.write("a\nb\nc\n");
        }
        byte[] stdout = proc.getInputStream().readAllBytes();
        byte[] stderr = proc.getErrorStream().readAllBytes();
        // end
        assertThat(proc.waitFor()).isZero();
        assertThat(stdout).asString().isEqualTo("a\nb\nc\n");
        assertThat(stderr).isEmpty();
    }

    @Test
    default void pythonPopenShell() throws IOException, InterruptedException {
        Session session = ubuntu().session();
        // docs: py-popen-shell
        Process proc = session.shell("echo hello && ls -la").popen();
        int returncode = proc.waitFor();
        proc.inputReader().lines().forEach(System.out::println);
        // end
        assertThat(returncode).isZero();
        assertThat(printed()).startsWith("hello\n");
    }
}
