package io.contree.api;

import java.util.Collections;
import java.util.List;
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
 * @param truncateOutputAt bytes per stream, 0 to 10 MiB
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

    /** Where an uploaded file goes: its record's UUID, permission bits and owner. */
    public record FileSpec(String uuid, int mode, int uid, int gid) {}

    /** Limits that a request may set. */
    public record ResourcesLimits(long maxLayerBytes) {
        public static final ResourcesLimits DEFAULT = new ResourcesLimits(12_884_901_888L);
    }

    /** Whether the run has a network. */
    public record Networking(boolean enabled) {}

    public SpawnRequest {
        args = List.copyOf(args);
        env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** Its main process. */
    public ProcessRequest process() {
        return new ProcessRequest(command, args, shell, env, cwd, uid, gid, stdin, truncateOutputAt);
    }

    /** The same run on a resolved image. */
    public SpawnRequest withImage(String resolved) {
        return with(resolved, env, timeout, truncateOutputAt, resourcesLimits, networking);
    }

    /** The same run with limits that the server allows. */
    public SpawnRequest withLimits(int allowedTimeout, int allowedOutput) {
        return with(image, env, allowedTimeout, allowedOutput, resourcesLimits, networking);
    }

    /** The same run with another limit of what it may write. */
    public SpawnRequest withMaxLayerBytes(long allowed) {
        return with(image, env, timeout, truncateOutputAt, new ResourcesLimits(allowed), networking);
    }

    /** The same run with or without a network. */
    public SpawnRequest withNetworking(Networking allowed) {
        return with(image, env, timeout, truncateOutputAt, resourcesLimits, Optional.of(allowed));
    }

    /** The same run with another environment. */
    public SpawnRequest withEnv(SortedMap<String, String> otherEnv) {
        return with(image, otherEnv, timeout, truncateOutputAt, resourcesLimits, networking);
    }

    private SpawnRequest with(
            String newImage,
            SortedMap<String, String> newEnv,
            int newTimeout,
            int newTruncation,
            ResourcesLimits newLimits,
            Optional<Networking> newNetworking) {
        return new SpawnRequest(
                command,
                newImage,
                args,
                shell,
                newEnv,
                preserveEnv,
                preserveCwd,
                cwd,
                uid,
                gid,
                hostname,
                stdin,
                files,
                newTimeout,
                newTruncation,
                disposable,
                newLimits,
                newNetworking);
    }
}
