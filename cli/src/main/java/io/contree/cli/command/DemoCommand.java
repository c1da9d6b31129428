package io.contree.cli.command;

import io.contree.cli.demo.BaseImage;
import io.contree.cli.demo.Performance;
import io.contree.cli.demo.Workspace;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import io.contree.sdk.Contree;
import io.contree.server.ContreeServer;
import io.contree.server.config.ServerConfig;
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
public final class DemoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep the data here, and use what an earlier demo left (default: a temporary directory).")
    private @Nullable Path data;

    public DemoCommand(Terminal terminal) {
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
            workspace.closeFirst(server::close);
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
}
