package io.contree.sandbox;

import io.contree.linux.IdMapping;
import io.contree.sandbox.egress.EgressConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Settings of the sandboxes.
 *
 * @param runtime {@link #AUTO}, {@link #NATIVE}, or the program of an OCI runtime: {@code crun}, {@code runsc} or another that speaks the OCI
 *     command line
 * @param further runtimes beside it, which sandboxes may have that ask for them, in the same words without {@link #AUTO}
 * @param state a directory that this server alone uses, created if missing. Its path tells this server's sandboxes from those of
 *     others: what a killed predecessor with the same path left on the machine is killed and removed when they are opened. What runs
 *     lies in {@code /run/contree-…} and in cgroups of that name
 * @param mapping ids of the user namespace; empty to run without one
 * @param egress the way into the network for sandboxes that ask for it; empty for none
 * @param ready how many sandboxes of our own runtime are made before they are needed
 */
public record SandboxConfig(
        String runtime,
        List<String> further,
        Path state,
        Optional<IdMapping> mapping,
        Optional<EgressConfig> egress,
        int ready) {
    /** How many sandboxes wait for a run unless something else is said. */
    public static final int USUALLY_READY = 4;

    /** Our own runtime. */
    public static final String NATIVE = "native";

    /** Our own runtime where this machine and these settings allow it, and else crun. */
    public static final String AUTO = "auto";

    public SandboxConfig {
        further = List.copyOf(further);
    }

    /** Settings without a network. */
    public SandboxConfig(String runtime, Path state, Optional<IdMapping> mapping) {
        this(runtime, List.of(), state, mapping, Optional.empty(), USUALLY_READY);
    }

    /** The name of a runtime for those who ask for it: of a path the last component. */
    public static String runtimeName(String runtime) {
        return runtime.substring(runtime.lastIndexOf('/') + 1);
    }

    /**
     * The name, {@code contree-} and 12 hexadecimal digits, that marks everything on the machine of the server that owns a
     * state directory.
     *
     * @param state the directory's real path; it need not exist
     */
    public static String nameOf(Path state) {
        return "contree-" + digest(state.toString());
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
