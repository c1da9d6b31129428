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
    private static final int DEFAULT_TRUNCATION = 1 << 20;
    private static final int MAX_TRUNCATION = 10 << 20;
    private static final String DEFAULT_HOSTNAME = "linuxkit";
    private static final Pattern HOSTNAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?");

    private SpawnRequests() {}

    static SpawnRequest parse(JsonFields fields) {
        return new SpawnRequest(
                fields.requiredString("command"),
                image(fields),
                fields.strings("args"),
                fields.flag("shell", false),
                env(fields),
                fields.flag("preserve_env", false),
                fields.flag("preserve_cwd", false),
                cwd(fields),
                id(fields, "uid"),
                id(fields, "gid"),
                hostname(fields),
                fields.object("stdin").map(Stdins::parse).orElse(Stdin.EMPTY),
                files(fields),
                (int) fields.capped("timeout", 1, Integer.MAX_VALUE, DEFAULT_TIMEOUT),
                (int) fields.capped("truncate_output_at", 0, MAX_TRUNCATION, DEFAULT_TRUNCATION),
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

    private static SortedMap<String, String> env(JsonFields fields) {
        return fields.map("env", (name, value) -> {
            String at = fields.at("env") + "." + name;
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                throw JsonFields.invalid(at, "named so", "a name without '=' and NUL");
            }
            if (value == null) {
                return "";
            }
            // The value may be a secret, so it is not shown.
            if (!value.isString() || value.stringValue().indexOf('\0') >= 0) {
                throw JsonFields.invalid(at, "of another type", "a string without NUL, or null");
            }
            return value.stringValue();
        });
    }

    private static String cwd(JsonFields fields) {
        String cwd = fields.string("cwd").orElse("");
        if (!cwd.isEmpty() && (!cwd.startsWith("/") || cwd.length() > DestinationPath.MAX_LENGTH)) {
            throw fields.invalid("cwd", "an absolute path, or \"\" for the image's own");
        }
        return cwd;
    }

    private static int id(JsonFields fields, String name) {
        return (int) fields.number(name, 0, Integer.MAX_VALUE, 0);
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
        return new FileSpec(uuid, FileModes.parse(file), id(file, "uid"), id(file, "gid"));
    }

    private static ResourcesLimits limits(JsonFields fields) {
        Optional<JsonFields> limits = fields.object("resources_limits");
        return limits.map(given -> new ResourcesLimits(
                        given.number("max_layer_bytes", 1, Long.MAX_VALUE, ResourcesLimits.DEFAULT.maxLayerBytes())))
                .orElse(ResourcesLimits.DEFAULT);
    }
}
