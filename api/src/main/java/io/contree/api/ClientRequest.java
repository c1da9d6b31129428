package io.contree.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A request as a client makes it: the fields that were set, by their names on the wire, and nothing else, since the
 * server has the defaults. Immutable: each method returns a new one. It is checked where it is read, as a {@link
 * SpawnRequest}, {@link ProcessRequest}, {@link StdinWrite} or {@link ImportRequest}.
 */
public final class ClientRequest {
    private final Map<String, Object> fields;

    private ClientRequest(Map<String, Object> fields) {
        this.fields = Collections.unmodifiableMap(fields);
    }

    /** For a program, or an expression if {@link #shell} says so. */
    public static ClientRequest command(String command) {
        return new ClientRequest(Map.of("command", command));
    }

    /** To import what is at a URL, with a login unless that is empty. */
    public static ClientRequest imported(String url, Map<String, String> credentials) {
        return new ClientRequest(Map.of(
                "registry",
                credentials.isEmpty() ? Map.of("url", url) : Map.of("url", url, "credentials", credentials)));
    }

    /** To write to the standard input of a process. */
    public static ClientRequest write(byte[] bytes, boolean close) {
        return new ClientRequest(base64(bytes)).with("close", close);
    }

    public ClientRequest args(List<String> args) {
        return with("args", List.copyOf(args));
    }

    public ClientRequest shell(boolean shell) {
        return with("shell", shell);
    }

    public ClientRequest image(String image) {
        return with("image", image);
    }

    /** Adds to the variables that were set before. */
    public ClientRequest env(Map<String, String> variables) {
        return with("env", merged("env", variables));
    }

    public ClientRequest preserveEnv() {
        return with("preserve_env", true);
    }

    public ClientRequest cwd(String directory) {
        return with("cwd", directory);
    }

    public ClientRequest preserveCwd() {
        return with("preserve_cwd", true);
    }

    public ClientRequest user(int uid, int gid) {
        return without("user").with("uid", uid).with("gid", gid);
    }

    /** {@code USER[:GROUP]}, each a name of the image or a number. */
    public ClientRequest user(String user) {
        return without("uid").without("gid").with("user", user);
    }

    public ClientRequest hostname(String hostname) {
        return with("hostname", hostname);
    }

    /** These bytes, then end of input. */
    public ClientRequest stdin(byte[] bytes) {
        return with("stdin", base64(bytes));
    }

    /** Leaves it open behind what was set before, if anything. */
    public ClientRequest openStdin() {
        Map<String, Object> soFar = fields.containsKey("stdin") ? Map.of() : Map.of("value", "");
        Map<String, Object> open = merged("stdin", soFar);
        open.put("close", false);
        return with("stdin", open);
    }

    /** Open and empty: all of it is to come. */
    public ClientRequest stdinToCome() {
        return with("stdin", Map.of("value", "", "close", false));
    }

    /** Adds a file, by its destination path. */
    public ClientRequest file(String destination, FileRecord file, int mode, int uid, int gid) {
        String octal = "0" + Integer.toOctalString(mode);
        Map<String, Object> placed = Map.of("uuid", file.uuid(), "mode", octal, "uid", uid, "gid", gid);
        return with("files", merged("files", Map.of(destination, placed)));
    }

    /** In whole seconds, rounded up. */
    public ClientRequest timeout(Duration timeout) {
        return with("timeout", timeout.plusNanos(999_999_999).toSeconds());
    }

    public ClientRequest disposable() {
        return with("disposable", true);
    }

    public ClientRequest outputLimit(int bytes) {
        return with("truncate_output_at", bytes);
    }

    public ClientRequest maxLayerBytes(long bytes) {
        return with("resources_limits", Map.of("max_layer_bytes", bytes));
    }

    public ClientRequest networking(boolean enabled) {
        return with("networking", Map.of("enabled", enabled));
    }

    public ClientRequest runtime(String name) {
        return with("runtime", name);
    }

    public ClientRequest cache() {
        return with("cache", true);
    }

    public ClientRequest tag(String tag) {
        return with("tag", tag);
    }

    /** With these values where none were set. */
    public ClientRequest withDefaults(Duration timeout, int outputLimit) {
        ClientRequest timed = fields.containsKey("timeout") ? this : timeout(timeout);
        return timed.fields.containsKey("truncate_output_at") ? timed : timed.outputLimit(outputLimit);
    }

    public boolean isDisposable() {
        return fields.containsKey("disposable");
    }

    /** The program or expression. */
    public String command() {
        return String.valueOf(fields.get("command"));
    }

    /** The expression, or the program and its arguments with spaces between them: for people, not for a shell. */
    public String commandLine() {
        StringBuilder line = new StringBuilder(command());
        ((List<?>) fields.getOrDefault("args", List.of()))
                .forEach(argument -> line.append(' ').append(argument));
        return line.toString();
    }

    /** Its JSON. */
    @JsonValue
    Map<String, Object> fields() {
        return fields;
    }

    private static Map<String, Object> base64(byte[] bytes) {
        return Map.of("value", Base64.getEncoder().encodeToString(bytes), "encoding", Encoding.BASE64.wire());
    }

    private Map<String, Object> merged(String field, Map<String, ?> more) {
        Map<String, Object> merged = new LinkedHashMap<>();
        ((Map<?, ?>) fields.getOrDefault(field, Map.of()))
                .forEach((name, value) -> merged.put(String.valueOf(name), value));
        merged.putAll(more);
        return merged;
    }

    private ClientRequest without(String field) {
        Map<String, Object> changed = new LinkedHashMap<>(fields);
        changed.remove(field);
        return new ClientRequest(changed);
    }

    private ClientRequest with(String field, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(fields);
        changed.put(field, Objects.requireNonNull(value, field));
        return new ClientRequest(changed);
    }
}
