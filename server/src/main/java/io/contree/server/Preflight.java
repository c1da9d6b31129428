package io.contree.server;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.linux.Host;
import io.contree.sandbox.SandboxConfig;
import io.contree.server.config.FileProblem;
import io.contree.server.config.ServerConfig;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must be true of the machine before anything is opened, and what to do if it is not. */
final class Preflight {
    private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

    private Preflight() {}

    static void check(ServerConfig config) {
        if (!Host.isRoot()) {
            throw refused("the server must be started as root: it mounts file systems and starts containers");
        }
        requireRuntime(config.runtime(), "install it (apt-get install crun) or name another with --runtime");
        config.runtimes().forEach(runtime -> requireRuntime(runtime, "install it or leave it out of --runtimes"));
        try {
            requireCgroups();
        } catch (IOException e) {
            throw new ContreeException(
                    ErrorCode.UNAVAILABLE, "cannot tell how cgroups are mounted here: " + FileProblem.of(e), e);
        }
    }

    private static void requireRuntime(String runtime, String advice) {
        if (runtime.equals(SandboxConfig.NATIVE) || runtime.equals(SandboxConfig.AUTO)) {
            return;
        }
        boolean found = runtime.contains("/")
                ? Files.isExecutable(Path.of(runtime))
                : Arrays.stream(System.getenv()
                                .getOrDefault("PATH", "/usr/bin:/bin")
                                .split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, runtime)));
        if (!found) {
            throw refused("the OCI runtime " + runtime + " was not found; " + advice);
        }
    }

    private static void requireCgroups() throws IOException {
        boolean isPrivate = Host.inPrivateMountNamespace();
        switch (Host.cgroupMode()) {
            case HYBRID -> {
                if (!isPrivate) {
                    throw refused(
                            "cgroup v1 and v2 are both mounted on this machine, which OCI runtimes refuse; start the"
                                    + " server with 'unshare --mount --propagation slave', and it hides v2 from itself");
                }
                Host.hideUnifiedCgroup();
            }
            case NONE ->
                throw refused("no cgroup file system is mounted at /sys/fs/cgroup, so runs could not be limited");
            case V1, V2 -> {}
        }
        if (!isPrivate) {
            LOG.warn("this server shares the mount namespace of process 1: if it is killed, its mounts stay until the"
                    + " next start; unshare --mount --propagation slave prevents that");
        }
    }

    private static ContreeException refused(String message) {
        return new ContreeException(ErrorCode.UNAVAILABLE, message);
    }
}
