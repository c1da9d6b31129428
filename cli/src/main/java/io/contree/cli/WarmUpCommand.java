package io.contree.cli;

import io.contree.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code contree warm-up}: does what commands do, against a fake server, so that the build can record which classes a
 * command loads.
 */
@Command(name = "warm-up", description = "Loads what commands need.", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    private static final String ANSWER = """
            {"images": [{"uuid": "00000000-0000-8000-8000-000000000000", "tag": "warm:up", "operation_uuid": null,\
             "created_at": "2026-01-02T03:04:05+00:00", "content_digest": "sha256:0"}]}""";

    private final Terminal terminal;

    WarmUpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(listener));
            String url = "http://127.0.0.1:" + listener.getLocalPort();
            return new CommandLineProgram(terminal).run("images", "--json", "--url", url, "--token", "none");
        }
    }

    private static void answer(ServerSocket listener) {
        try (Socket client = listener.accept()) {
            BufferedReader request =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
                // Whatever is asked.
            }
            OutputStream out = client.getOutputStream();
            String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ";
            out.write((head + ANSWER.length() + "\r\n\r\n" + ANSWER).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // The command says that nobody answered.
        }
    }
}
