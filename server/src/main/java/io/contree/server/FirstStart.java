package io.contree.server;

import io.contree.server.config.FileProblem;
import io.contree.server.config.ServerConfig;
import io.contree.store.disk.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a server usable on its machine: once per data directory, a token is made and saved as a profile. */
final class FirstStart {
    private static final Logger LOG = LoggerFactory.getLogger(FirstStart.class);

    private final ServerConfig config;
    private final ProfileFile profiles;

    FirstStart(ServerConfig config, Map<String, String> environment) {
        this.config = config;
        this.profiles = new ProfileFile(environment);
    }

    /** Does so unless it was done. A profile that cannot be saved is logged, and tried again at the next start. */
    void greet(ContreeServer server) {
        Path done = new Layout(config.data()).profileSaved();
        if (!config.saveProfile() || Files.exists(done)) {
            return;
        }
        try {
            Path file = profiles.save(LocalAddress.of(server.uri()), server.createToken());
            Files.createFile(done, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            if (file.equals(profiles.standard())) {
                LOG.info("first start: the profile 'default' in {} has a token for this server", file);
            } else {
                LOG.warn(
                        "first start: {} exists and was left alone; {} has a token for this server: copy its section, or set"
                                + " CONTREE_TOKEN and CONTREE_BASE_URL",
                        profiles.standard(),
                        file);
            }
        } catch (IOException e) {
            LOG.warn(
                    "first start: cannot save a profile for clients: {}; set CONTREE_HOME to a writable directory,"
                            + " and start again",
                    FileProblem.of(e));
        }
    }
}
