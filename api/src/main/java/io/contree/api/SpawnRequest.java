package io.contree.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A run as it was asked for, checked and with every default filled in ({@code POST /v1/instances}, openapi.yaml has the
 * fields). The codec turns JSON with nulls, missing or unknown fields and every historical form into this.
 *
 * @param image UUID or {@code tag:NAME}, either with {@code ~N} behind it for the image N steps back
 * @param env a null value on the wire is an empty string here: it removes the variable
 * @param cwd absolute, or empty for the image's
 * @param user as in {@link ProcessRequest}, with {@code uid} and {@code gid}
 * @param files by absolute destination path
 * @param timeout seconds, 1 or more
 * @param truncateOutputAt bytes per stream; more than 10 MiB counts as 10 MiB
 * @param networking whether the run has a network; empty is the server's default
 * @param runtime the name of what isolates the run; empty for the server's usual one
 * @param cache whether the record of an equal run may answer in place of a run
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
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String user,
        String hostname,
        Stdin stdin,
        SortedMap<String, FileSpec> files,
        int timeout,
        int truncateOutputAt,
        boolean disposable,
        ResourcesLimits resourcesLimits,
        Optional<Networking> networking,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String runtime,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean cache) {
    private static final int DEFAULT_TIMEOUT = 60;
    private static final String DEFAULT_HOSTNAME = "linuxkit";

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
        ProcessRequest main =
                new ProcessRequest(command, args, shell, env, cwd, uid, gid, user, stdin, truncateOutputAt);
        args = main.args();
        env = main.env();
        uid = main.uid();
        gid = main.gid();
        truncateOutputAt = main.truncateOutputAt();
        RequestRules.hostname(hostname);
        RequestRules.atLeast(1, "timeout", timeout);
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** Its main process. */
    public ProcessRequest process() {
        return new ProcessRequest(command, args, shell, env, cwd, uid, gid, user, stdin, truncateOutputAt);
    }

    /** Reads what clients of all generations send. */
    static SpawnRequest parse(JsonFields fields) {
        Builder request = new Builder(ProcessRequest.parse(fields), image(fields))
                .preserve(fields.flag("preserve_env", false), fields.flag("preserve_cwd", false))
                .files(files(fields))
                .timeout((int) fields.capped("timeout", 1, Integer.MAX_VALUE, DEFAULT_TIMEOUT))
                .disposable(fields.flag("disposable", false))
                .runtime(fields.string("runtime").orElse(""))
                .cache(fields.flag("cache", false));
        fields.string("hostname").filter(name -> !name.isEmpty()).ifPresent(request::hostname);
        fields.object("resources_limits")
                .ifPresent(limits -> request.maxLayerBytes(
                        limits.number("max_layer_bytes", 1, Long.MAX_VALUE, ResourcesLimits.DEFAULT.maxLayerBytes())));
        fields.object("networking")
                .map(networking -> new Networking(networking.flag("enabled", true)))
                .ifPresent(request::networking);
        return request.build();
    }

    private static String image(JsonFields fields) {
        String image = fields.requiredString("image");
        String name = image.startsWith("tag:") ? image.substring(4) : image;
        if (StepsBack.isIn(name) && StepsBack.parse(name).isEmpty()) {
            throw fields.invalid("image", StepsBack.SYNTAX);
        }
        String base = StepsBack.parse(name).map(StepsBack::base).orElse(name);
        if (image.startsWith("tag:")
                ? TagName.isValid(base)
                : StepsBack.isIn(name) && Uuids.parse(base).isPresent()) {
            return image;
        }
        return Uuids.parse(image)
                .map(Object::toString)
                .orElseThrow(() -> fields.invalid("image", "a UUID or tag:NAME, where NAME is " + TagName.SYNTAX));
    }

    private static SortedMap<String, FileSpec> files(JsonFields fields) {
        SortedMap<String, FileSpec> given =
                fields.map("files", (path, value) -> file(fields.at("files") + "." + path, value));
        SortedMap<String, FileSpec> files = new TreeMap<>();
        given.forEach((path, file) -> {
            String absolute = DestinationPath.absolute(path)
                    .orElseThrow(() -> JsonFields.invalid(
                            fields.at("files"), "naming the destination '" + path + "'", DestinationPath.ALLOWED));
            if (files.put(absolute, file) != null) {
                throw JsonFields.invalid(fields.at("files"), "naming '" + absolute + "' twice", "one file per path");
            }
        });
        return files;
    }

    private static FileSpec file(String at, @Nullable JsonNode value) {
        if (value == null) {
            throw JsonFields.invalid(at, "null", "an object with the uuid of an uploaded file");
        }
        JsonFields file = JsonFields.of(value, at);
        String uuid = file.string("uuid")
                .flatMap(Uuids::parse)
                .orElseThrow(() -> file.invalid("uuid", "the UUID of an uploaded file"))
                .toString();
        return new FileSpec(
                uuid, FileModes.parse(file), ProcessRequest.id(file, "uid"), ProcessRequest.id(file, "gid"));
    }

    /** A request for a process on an image, with defaults for everything else. */
    public static Builder builder(ProcessRequest process, String image) {
        return new Builder(process, image);
    }

    /** A builder that starts from this request. */
    public Builder toBuilder() {
        Builder copy = new Builder(process(), image);
        copy.preserveEnv = preserveEnv;
        copy.preserveCwd = preserveCwd;
        copy.hostname = hostname;
        copy.files = files;
        copy.timeout = timeout;
        copy.disposable = disposable;
        copy.resourcesLimits = resourcesLimits;
        copy.networking = networking;
        copy.runtime = runtime;
        copy.cache = cache;
        return copy;
    }

    /** Builds a request, which is checked when it is built. */
    public static final class Builder {
        private ProcessRequest process;
        private String image;
        private boolean preserveEnv;
        private boolean preserveCwd;
        private String hostname = DEFAULT_HOSTNAME;
        private SortedMap<String, FileSpec> files = new TreeMap<>();
        private int timeout = DEFAULT_TIMEOUT;
        private boolean disposable;
        private ResourcesLimits resourcesLimits = ResourcesLimits.DEFAULT;
        private Optional<Networking> networking = Optional.empty();
        private String runtime = "";
        private boolean cache;

        private Builder(ProcessRequest process, String image) {
            this.process = process;
            this.image = image;
        }

        public Builder process(ProcessRequest process) {
            this.process = process;
            return this;
        }

        public Builder image(String image) {
            this.image = image;
            return this;
        }

        /** Whether the resulting image keeps its environment and its directory. */
        public Builder preserve(boolean itsEnv, boolean itsCwd) {
            preserveEnv = itsEnv;
            preserveCwd = itsCwd;
            return this;
        }

        public Builder hostname(String hostname) {
            this.hostname = hostname;
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

        public Builder runtime(String runtime) {
            this.runtime = runtime;
            return this;
        }

        public Builder cache(boolean cache) {
            this.cache = cache;
            return this;
        }

        public SpawnRequest build() {
            return new SpawnRequest(
                    process.command(),
                    image,
                    process.args(),
                    process.shell(),
                    process.env(),
                    preserveEnv,
                    preserveCwd,
                    process.cwd(),
                    process.uid(),
                    process.gid(),
                    process.user(),
                    hostname,
                    process.stdin(),
                    files,
                    timeout,
                    process.truncateOutputAt(),
                    disposable,
                    resourcesLimits,
                    networking,
                    runtime,
                    cache);
        }
    }
}
