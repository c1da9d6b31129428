package io.contree.engine.cache;

import io.contree.api.SpawnRequest;
import io.contree.engine.EngineConfig;
import io.contree.engine.process.RunPlan;
import io.contree.sandbox.SandboxSpec;
import io.contree.store.Digest;
import io.contree.store.PlacedFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;

/**
 * The key of runs that are equal: a SHA-256 over everything that what they do and what is recorded of it follow from, each value with its
 * length before it. It tells nothing of the values, which may be secret.
 */
final class RunKey {
    /** Changed whenever the fields or their order change, or runs of the same request come out differently. */
    private static final String FORMAT = "contree run 2";

    private final MessageDigest digest = Digest.sha256();

    private RunKey() {}

    /**
     * What is the same for all runs of a server with one runtime.
     *
     * @param isolation the runtime and what it isolates runs with
     * @param version of the server
     */
    static Digest ofServer(EngineConfig config, String isolation, String version) {
        RunKey key = new RunKey();
        key.text(FORMAT);
        key.text(version);
        key.text(isolation);
        key.text(System.getProperty("os.arch", ""));
        key.text(System.getProperty("os.version", ""));
        key.number(Runtime.getRuntime().availableProcessors());
        SandboxSpec.Limits limits = config.limits();
        key.number(limits.memoryBytes());
        key.text(String.valueOf(limits.cpus()));
        key.number(limits.pids());
        key.number(limits.shmBytes());
        key.number(config.disk().maxLayerFiles());
        key.number(config.logBudget());
        return key.end();
    }

    /** The key of a run without a network, within its project. */
    static Digest of(Digest server, RunPlan plan) {
        SpawnRequest request = plan.request();
        RunKey key = new RunKey();
        key.bytes(server.bytes());
        key.text(plan.image().uuid().toString());
        key.text(request.command());
        key.number(request.args().size());
        request.args().forEach(key::text);
        key.flag(request.shell());
        key.number(request.env().size());
        for (Map.Entry<String, String> variable : request.env().entrySet()) {
            key.text(variable.getKey());
            key.text(variable.getValue());
        }
        key.flag(request.preserveEnv());
        key.flag(request.preserveCwd());
        key.text(request.cwd());
        key.number(request.uid());
        key.number(request.gid());
        key.text(request.user());
        key.text(request.hostname());
        key.text(request.runtime());
        key.bytes(request.stdin().bytes());
        key.number(plan.files().size());
        for (PlacedFile file : plan.files()) {
            key.bytes(file.path().bytes());
            key.bytes(file.digest().bytes());
            key.number(file.mode());
            key.number(file.uid());
            key.number(file.gid());
        }
        key.flag(request.disposable());
        key.number(request.timeout());
        key.number(plan.process().grace().toNanos());
        key.number(request.truncateOutputAt());
        key.number(request.resourcesLimits().maxLayerBytes());
        return key.end();
    }

    private void text(String text) {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void bytes(byte[] bytes) {
        number(bytes.length);
        digest.update(bytes);
    }

    private void flag(boolean flag) {
        number(flag ? 1 : 0);
    }

    private void number(long number) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    }

    private Digest end() {
        return Digest.of(digest.digest());
    }
}
