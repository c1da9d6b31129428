package io.contree.api;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A run as it was asked for, checked and with every default filled in ({@code POST /v1/instances}, openapi.yaml has the
 * fields). JSON with nulls, missing fields, unknown fields and every historical form is turned into this by the codec.
 *
 * @param image UUID or {@code tag:NAME}
 * @param env a null value on the wire is an empty string here: it removes the variable
 * @param cwd absolute, or empty for the image's
 * @param files by absolute destination path
 * @param timeout seconds, over 0
 * @param truncateOutputAt bytes per stream; more than 10 MiB is taken as that
 * @param networking whether the run has a network; empty is the server's default
 */
public record SpawnRequest(
        String command,
        String image,
        List<String> args,
        boolean shell,
        SortedMap<String, String> env,
        boolean preserveEnv,
        boolean preserveCwd,
        String cwd,
        int uid,
        int gid,
        String hostname,
        Stdin stdin,
        SortedMap<String, FileSpec> files,
        int timeout,
        int truncateOutputAt,
        boolean disposable,
        ResourcesLimits resourcesLimits,
        Optional<Networking> networking) {

    static final int DEFAULT_TIMEOUT = 60;
    static final String DEFAULT_HOSTNAME = "linuxkit";

    /** Where an uploaded file goes: its record's UUID, permission bits and owner. */
    public record FileSpec(String uuid, int mode, int uid, int gid) {}

    /** Limits that a request may set. */
    public record ResourcesLimits(long maxLayerBytes) {
        public static final ResourcesLimits DEFAULT = new ResourcesLimits(12_884_901_888L);

        public ResourcesLimits {
            RequestRules.atLeast(1, "resources_limits.max_layer_bytes", maxLayerBytes);
        }
    }

    /** Whether the run has a network. */
    public record Networking(boolean enabled) {}

    /** @throws ContreeException INVALID_ARGUMENT with the field that breaks a rule */
    public SpawnRequest {
        ProcessRequest main = new ProcessRequest(command, args, shell, env, cwd, uid, gid, stdin, truncateOutputAt);
        args = main.args();
        env = main.env();
        truncateOutputAt = main.truncateOutputAt();
        RequestRules.hostname(hostname);
        RequestRules.atLeast(1, "timeout", timeout);
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** Its main process. */
    public ProcessRequest process() {
        return new ProcessRequest(command, args, shell, env, cwd, uid, gid, stdin, truncateOutputAt);
    }

    /** A request for a command on an image, with the defaults of everything else. */
    public static Builder builder(String command, String image) {
        return new Builder(command, image);
    }

    /** The same request, to be changed. */
    public Builder toBuilder() {
        Builder copy = new Builder(command, image);
        copy.args = args;
        copy.shell = shell;
        copy.env = env;
        copy.preserveEnv = preserveEnv;
        copy.preserveCwd = preserveCwd;
        copy.cwd = cwd;
        copy.uid = uid;
        copy.gid = gid;
        copy.hostname = hostname;
        copy.stdin = stdin;
        copy.files = files;
        copy.timeout = timeout;
        copy.truncateOutputAt = truncateOutputAt;
        copy.disposable = disposable;
        copy.resourcesLimits = resourcesLimits;
        copy.networking = networking;
        return copy;
    }

    /** What a request is to be; it is checked when it is built. */
    public static final class Builder {
        private final String command;
        private String image;
        private List<String> args = List.of();
        private boolean shell;
        private SortedMap<String, String> env = new TreeMap<>();
        private boolean preserveEnv;
        private boolean preserveCwd;
        private String cwd = "";
        private int uid;
        private int gid;
        private String hostname = DEFAULT_HOSTNAME;
        private Stdin stdin = Stdin.EMPTY;
        private SortedMap<String, FileSpec> files = new TreeMap<>();
        private int timeout = DEFAULT_TIMEOUT;
        private int truncateOutputAt = ProcessRequest.DEFAULT_TRUNCATION;
        private boolean disposable;
        private ResourcesLimits resourcesLimits = ResourcesLimits.DEFAULT;
        private Optional<Networking> networking = Optional.empty();

        private Builder(String command, String image) {
            this.command = command;
            this.image = image;
        }

        public Builder image(String image) {
            this.image = image;
            return this;
        }

        public Builder args(List<String> args) {
            this.args = args;
            return this;
        }

        public Builder shell(boolean shell) {
            this.shell = shell;
            return this;
        }

        public Builder env(Map<String, String> env) {
            this.env = new TreeMap<>(env);
            return this;
        }

        /** Whether the image that it leaves has its environment and its directory. */
        public Builder preserve(boolean itsEnv, boolean itsCwd) {
            preserveEnv = itsEnv;
            preserveCwd = itsCwd;
            return this;
        }

        public Builder cwd(String cwd) {
            this.cwd = cwd;
            return this;
        }

        public Builder user(int user, int group) {
            uid = user;
            gid = group;
            return this;
        }

        public Builder hostname(String hostname) {
            this.hostname = hostname;
            return this;
        }

        public Builder stdin(Stdin stdin) {
            this.stdin = stdin;
            return this;
        }

        public Builder files(Map<String, FileSpec> files) {
            this.files = new TreeMap<>(files);
            return this;
        }

        public Builder timeout(int timeout) {
            this.timeout = timeout;
            return this;
        }

        public Builder truncateOutputAt(int truncateOutputAt) {
            this.truncateOutputAt = truncateOutputAt;
            return this;
        }

        public Builder disposable(boolean disposable) {
            this.disposable = disposable;
            return this;
        }

        public Builder maxLayerBytes(long bytes) {
            resourcesLimits = new ResourcesLimits(bytes);
            return this;
        }

        public Builder networking(Networking networking) {
            this.networking = Optional.of(networking);
            return this;
        }

        public SpawnRequest build() {
            return new SpawnRequest(
                    command,
                    image,
                    args,
                    shell,
                    env,
                    preserveEnv,
                    preserveCwd,
                    cwd,
                    uid,
                    gid,
                    hostname,
                    stdin,
                    files,
                    timeout,
                    truncateOutputAt,
                    disposable,
                    resourcesLimits,
                    networking);
        }
    }
}
