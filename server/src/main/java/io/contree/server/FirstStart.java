package io.contree.server;

import io.contree.server.config.ServerConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Makes a server usable on its machine: once for a data directory, a token is made and saved as a profile. */
final class FirstStart {
    private final ServerConfig config;
    private final ProfileFile profiles;
    private final PrintStream err;

    FirstStart(ServerConfig config, Map<String, String> environment, PrintStream err) {
        this.config = config;
        this.profiles = new ProfileFile(environment);
        this.err = err;
    }

    /** Does it if it was not done before. A profile that cannot be saved is said, and tried again at the next start. */
    void greet(ContreeServer server) {
        Path done = config.data().resolve("profile-saved");
        if (!config.saveProfile() || Files.exists(done)) {
            return;
        }
        try {
            Path file = profiles.save(LocalAddress.of(server.uri()), server.createToken());
            Files.createFile(done);
            if (file.equals(profiles.standard())) {
                err.println("first start: the profile 'default' in " + file + " has a token for this server");
            } else {
                err.println("first start: " + profiles.standard() + " exists and was left alone; " + file
                        + " has a token for this server: copy its section, or set CONTREE_TOKEN and CONTREE_BASE_URL");
            }
        } catch (IOException e) {
            err.println("first start: cannot save a profile for clients: " + e
                    + "; set CONTREE_HOME to a directory that" + " can be written, and start again");
        }
    }
}
