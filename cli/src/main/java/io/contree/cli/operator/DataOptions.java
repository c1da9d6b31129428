package io.contree.cli.operator;

import io.contree.server.Administration;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server's data an operator's command works on. */
final class DataOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:CONTREE_DATA:-/var/lib/contree}",
            description = "Data directory of the server, which may be running (default ${DEFAULT-VALUE}).")
    private Path data;

    @SuppressWarnings("NullAway.Init") // picocli sets data
    DataOptions() {}

    Path directory() {
        return data;
    }

    Administration open() {
        return Administration.open(data);
    }

    Path path() {
        return data;
    }

    /** {@code --project}, for commands on a project's tags or tokens. */
    static final class Project {
        @Option(
                names = "--project",
                paramLabel = "PROJECT",
                description = "Name or UUID of a project (default: the first one).")
        private @Nullable String project;

        Optional<String> name() {
            return Optional.ofNullable(project);
        }
    }
}
