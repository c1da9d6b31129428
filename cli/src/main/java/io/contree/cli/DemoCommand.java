package io.contree.cli;

import io.contree.cli.demo.BaseImage;
import io.contree.cli.demo.Performance;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.sdk.Contree;
import io.contree.server.ContreeServer;
import io.contree.server.config.ServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code contree demo}. */
@Command(
        name = "demo",
        description = "Starts a server of its own, shows how state branches, checks every claim, and cleans up.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 if every claim held, 1 if not."})
final class DemoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Keep the data here, and use what an earlier demo left (default: a directory that goes with it).")
    private @Nullable Path data;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        long start = System.nanoTime();
        BaseImage source = BaseImage.lookAround();
        boolean held;
        try (Workspace workspace = Workspace.create()) {
            held = play(source, workspace, data != null ? data.toAbsolutePath() : workspace.path("data"));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        terminal.out().println(String.format(Locale.ROOT, "%.1f s in all; nothing is left running", seconds));
        return held ? ExitCode.OK : ExitCode.FAILED;
    }

    private boolean play(BaseImage source, Workspace workspace, Path at) throws InterruptedException {
        try (ContreeServer server = ContreeServer.start(ServerConfig.embedded(at))) {
            workspace.endsWith(server);
            terminal.out().println("server: " + server.uri() + ", data in " + at);
            terminal.out().println("isolation: " + server.isolation());
            try (Contree contree = Contree.builder()
                    .baseUrl(server.uri().toString())
                    .token(server.createToken())
                    .userAgent("contree-demo/" + Version.current())
                    .build()) {
                return new Performance(terminal.out(), terminal.interactiveOut())
                        .play(contree, source, workspace.path("base"));
            }
        }
    }

    /** The demo's directory. An interrupt from the terminal takes the server and the directory away too. */
    private static final class Workspace implements AutoCloseable {
        private final Path directory;
        private final Thread hook = new Thread(this::abandon, "demo-cleanup");
        private volatile @Nullable ContreeServer server;

        private Workspace(Path directory) {
            this.directory = directory;
        }

        static Workspace create() {
            try {
                Workspace workspace = new Workspace(Files.createTempDirectory("contree-demo-"));
                Runtime.getRuntime().addShutdownHook(workspace.hook);
                return workspace;
            } catch (IOException e) {
                throw new UncheckedIOException("could not make a temporary directory: " + e, e);
            }
        }

        void endsWith(ContreeServer started) {
            server = started;
        }

        Path path(String name) {
            return directory.resolve(name);
        }

        @Override
        public void close() {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                return; // The process is ending, and the hook does it.
            }
            remove();
        }

        private void abandon() {
            ContreeServer running = server;
            if (running != null) {
                running.close();
            }
            remove();
        }

        private void remove() {
            try {
                FileCalls.removeTree(Fd.CWD, RawPath.fromText(directory.toString()));
            } catch (LinuxException e) {
                throw new UncheckedIOException("could not remove " + directory + ": " + e.getMessage(), e);
            }
        }
    }
}
