package io.contree.api;

import io.contree.api.SpawnRequest.FileSpec;
import io.contree.api.SpawnRequest.Networking;
import io.contree.api.SpawnRequest.ResourcesLimits;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what clients of all generations send for a run. */
final class SpawnRequests {
    private SpawnRequests() {}

    static SpawnRequest parse(JsonFields fields) {
        ProcessRequest main = ProcessRequests.parse(fields);
        SpawnRequest.Builder request = SpawnRequest.builder(main.command(), image(fields))
                .args(main.args())
                .shell(main.shell())
                .env(main.env())
                .preserve(fields.flag("preserve_env", false), fields.flag("preserve_cwd", false))
                .cwd(main.cwd())
                .user(main.uid(), main.gid())
                .stdin(main.stdin())
                .files(files(fields))
                .timeout((int) fields.capped("timeout", 1, Integer.MAX_VALUE, SpawnRequest.DEFAULT_TIMEOUT))
                .truncateOutputAt(main.truncateOutputAt())
                .disposable(fields.flag("disposable", false));
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
        if (image.startsWith("tag:") && TagName.isValid(image.substring(4))) {
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
                uuid, FileModes.parse(file), ProcessRequests.id(file, "uid"), ProcessRequests.id(file, "gid"));
    }
}
