package io.contree.store.oci.image;

import io.contree.store.Digest;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What an import takes from an image config: the digests of the unpacked layers, and Env. User, volumes, labels, entry
 * point and all else have no effect; the bytes are kept as they are, for an export.
 *
 * @param document the exact bytes
 * @param diffIds SHA-256 of each unpacked layer, the lowest first
 * @param env variables that can be set; the default PATH is left out, because it says nothing
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, only kept.
public record ImageConfig(byte[] document, List<Digest> diffIds, SortedMap<String, String> env) {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int MOST_VARIABLES = 1000;
    private static final int LONGEST_VARIABLE = 32 << 10;

    public ImageConfig {
        diffIds = List.copyOf(diffIds);
        env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
    }

    /**
     * Reads the config of an image with this many layers.
     *
     * @throws StoreException INVALID
     */
    public static ImageConfig parse(byte[] document, int layers, String what) {
        JsonNode root = Json.object(document, what);
        String os = Json.text(root, "os").orElse("linux");
        if (!os.equals("linux")) {
            throw new StoreException(Kind.INVALID, what + " is for \"" + Json.shortened(os) + "\", not for linux.");
        }
        List<Digest> diffIds = new ArrayList<>();
        for (JsonNode node : root.path("rootfs").path("diff_ids")) {
            diffIds.add(Json.digest(node.isString() ? node.stringValue() : "", what));
        }
        if (diffIds.size() != layers) {
            throw new StoreException(
                    Kind.INVALID, what + " names " + diffIds.size() + " layers, but its manifest has " + layers + ".");
        }
        return new ImageConfig(document, diffIds, env(root.path("config").path("Env")));
    }

    /**
     * The chain ids, the lowest first: each names the whole stack up to its layer (OCI image specification, "Layer
     * ChainID").
     */
    public List<Digest> chainIds() {
        List<Digest> chains = new ArrayList<>();
        for (Digest diffId : diffIds) {
            chains.add(
                    chains.isEmpty()
                            ? diffId
                            : Digest.ofContent((chains.getLast() + " " + diffId).getBytes(StandardCharsets.US_ASCII)));
        }
        return chains;
    }

    private static SortedMap<String, String> env(JsonNode listed) {
        SortedMap<String, String> env = new TreeMap<>();
        for (JsonNode node : listed) {
            String pair = node.isString() ? node.stringValue() : "";
            int equals = pair.indexOf('=');
            if (equals > 0 && isSettable(pair) && env.size() < MOST_VARIABLES) {
                env.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        env.remove("PATH", DEFAULT_PATH);
        return env;
    }

    private static boolean isSettable(String pair) {
        return pair.length() <= LONGEST_VARIABLE && pair.chars().noneMatch(c -> c == 0 || c == '\n' || c == '\r');
    }
}
