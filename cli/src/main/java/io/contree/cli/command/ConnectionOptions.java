package io.contree.cli.command;

import io.contree.cli.terminal.CommandFailedException;
import io.contree.cli.terminal.ExitCode;
import io.contree.sdk.Contree;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a command talks to. Without options: the environment, then the profile files, as for every client. */
public final class ConnectionOptions {
    @Option(
            names = {"-p", "--profile"},
            paramLabel = "NAME",
            description = "Profile of auth.ini to use in place of the active one.")
    private @Nullable String profile;

    @Option(
            names = {"-U", "--url"},
            paramLabel = "URL",
            description = "Server, such as http://127.0.0.1:8642 (else CONTREE_BASE_URL, else the profile's).")
    private @Nullable String url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Token. Other users of this machine may see it; prefer CONTREE_TOKEN or a profile.")
    private @Nullable String token;

    @Option(names = "--project", paramLabel = "ID", description = "Project, for tokens that belong to several.")
    private @Nullable String project;

    /** A client; close it. */
    public Contree connect() {
        Contree.Builder builder = Contree.builder().userAgent("contree-java-cli/" + Version.current());
        if (profile != null) {
            builder.profile(profile);
        }
        if (url != null) {
            if (!url.matches("(?i)https?://[^/].*")) {
                throw new CommandFailedException(
                        ExitCode.USAGE, "--url takes an address such as http://127.0.0.1:8642, not " + url);
            }
            builder.baseUrl(url);
        }
        if (token != null) {
            builder.token(token);
        }
        if (project != null) {
            builder.project(project);
        }
        return builder.build();
    }
}
