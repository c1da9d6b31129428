package io.contree.server;

import io.contree.api.ContreeException;
import io.contree.server.config.ConfigException;
import io.contree.server.config.Keys;
import io.contree.server.config.ServerConfig;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The program {@code contree server}: prints one line when it is ready and serves until a signal. */
public final class ServerMain {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    /** EX_IOERR of sysexits.h: the disk failed while it ran; its supervisor may start it again. */
    private static final int DISK_FAILED = 74;

    /** For what comes after the runs: their ends, the parts of the server, and the process itself. */
    private static final Duration CLOSING = Duration.ofSeconds(75);

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * A program.
     *
     * @param out gets the line {@code listening on http://HOST:PORT} and nothing else
     * @param err gets the log and errors
     */
    public ServerMain(Map<String, String> environment, PrintStream out, PrintStream err) {
        this.environment = Map.copyOf(environment);
        this.out = out;
        this.err = err;
    }

    /**
     * Runs until SIGTERM or SIGINT, and stops cleanly.
     *
     * @param arguments {@code --key value} or {@code --key=value}; {@code --help} lists the keys
     * @return the exit code
     */
    public int run(List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            help();
            return OK;
        }
        try {
            return serve(ServerConfig.load(Flags.parse(arguments), environment));
        } catch (ConfigException | IllegalArgumentException e) {
            err.println("contree server: " + e.getMessage());
            return USAGE;
        } catch (ContreeException e) {
            err.println("contree server: " + e.getMessage());
            return FAILED;
        }
    }

    private int serve(ServerConfig config) {
        LogSetup.apply(config.logFormat(), config.logLevel());
        StopSignals signals = StopSignals.forThisThread(config.drainTimeout().plus(CLOSING));
        try (ContreeServer server = ContreeServer.start(config)) {
            new FirstStart(config, environment).greet(server);
            out.println("listening on " + server.uri());
            out.flush();
            var _ = server.failure().thenRun(signals::stopWaiting);
            signals.await();
            if (server.failure().isDone()) {
                err.println("contree server: " + server.failure().join().getMessage());
                return DISK_FAILED;
            }
            server.drain();
        } catch (InterruptedException e) {
            // The second signal: what is left ends at once, and closing must not be interrupted too.
            return OK;
        }
        return OK;
    }

    private void help() {
        Map<String, String> lines = new LinkedHashMap<>();
        Keys.all()
                .forEach(key ->
                        lines.put("--" + key.name() + " " + key.fallback(), key.help() + " (" + key.allowed() + ")"));
        out.println("contree server [--config FILE] [--KEY VALUE]...");
        out.println(
                "Every key can also be set in the environment (CONTREE_KEY) or in the file; these are the defaults:");
        lines.forEach((key, help) -> out.printf("  %-32s %s%n", key, help));
    }
}
