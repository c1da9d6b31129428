package io.contree.api;

import io.contree.api.SpawnRequest.FileSpec;
import io.contree.api.SpawnRequest.Networking;
import io.contree.api.SpawnRequest.ResourcesLimits;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what clients of all generations send for a run. */
final class SpawnRequests {
    private static final int DEFAULT_TIMEOUT = 60;
    private static final String DEFAULT_HOSTNAME = "linuxkit";
    private static final Pattern HOSTNAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?");

    private SpawnRequests() {}

    static SpawnRequest parse(JsonFields fields) {
        ProcessRequest main = ProcessRequests.parse(fields);
        return new SpawnRequest(
                main.command(),
                image(fields),
                main.args(),
                main.shell(),
                main.env(),
                fields.flag("preserve_env", false),
                fields.flag("preserve_cwd", false),
                main.cwd(),
                main.uid(),
                main.gid(),
                hostname(fields),
                main.stdin(),
                files(fields),
                (int) fields.capped("timeout", 1, Integer.MAX_VALUE, DEFAULT_TIMEOUT),
                main.truncateOutputAt(),
                fields.flag("disposable", false),
                limits(fields),
                fields.object("networking").map(networking -> new Networking(networking.flag("enabled", true))));
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

    private static String hostname(JsonFields fields) {
        String hostname = fields.string("hostname").orElse("");
        if (hostname.isEmpty()) {
            return DEFAULT_HOSTNAME;
        }
        if (!HOSTNAME.matcher(hostname).matches()) {
            throw fields.invalid(
                    "hostname", "up to 64 letters, digits, '-', '.' and '_', letters or digits at the ends");
        }
        return hostname;
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

    private static ResourcesLimits limits(JsonFields fields) {
        Optional<JsonFields> limits = fields.object("resources_limits");
        return limits.map(given -> new ResourcesLimits(
                        given.number("max_layer_bytes", 1, Long.MAX_VALUE, ResourcesLimits.DEFAULT.maxLayerBytes())))
                .orElse(ResourcesLimits.DEFAULT);
    }
}
