package io.contree.sdk;

import io.contree.api.ImageRecord;
import io.contree.api.OperationEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An import to be carried out: a value. Each method gives another one with one thing changed. */
public final class Import {
    private final Api api;
    private final String reference;
    private final @Nullable String tag;
    private final Map<String, String> credentials;
    private final @Nullable Duration timeout;
    private final ImportListener listener;

    Import(Api api, String reference) {
        this(api, reference, null, Map.of(), null, (step, done, total) -> {});
    }

    private Import(
            Api api,
            String reference,
            @Nullable String tag,
            Map<String, String> credentials,
            @Nullable Duration timeout,
            ImportListener listener) {
        this.api = api;
        this.reference = reference;
        this.tag = tag;
        this.credentials = credentials;
        this.timeout = timeout;
        this.listener = listener;
    }

    /** Puts a tag on the result. */
    public Import tag(String tag) {
        return new Import(api, reference, tag, credentials, timeout, listener);
    }

    /** Logs in to the registry; the server uses it for this import and does not store it. */
    public Import credentials(String username, String password) {
        return new Import(api, reference, tag, Map.of("username", username, "password", password), timeout, listener);
    }

    /** Gives up after this time, in whole seconds rounded up. */
    public Import timeout(Duration timeout) {
        return new Import(api, reference, tag, credentials, timeout, listener);
    }

    /** Tells how it gets on. */
    public Import onProgress(ImportListener listener) {
        return new Import(api, reference, tag, credentials, timeout, listener);
    }

    /**
     * Imports and waits for the end.
     *
     * @throws OperationFailedException with the registry's answer in words, if there is no such image or it is refused
     * @throws CallInterruptedException if this thread is interrupted; the import is then cancelled
     */
    public Image execute() {
        UUID operation = start();
        Operations operations = new Operations(api);
        try (EventStream events = operations.events(operation)) {
            events.forEachRemaining(this::report);
            Operation done = operations.await(operation);
            UUID image = done.resultImage()
                    .orElseThrow(() -> new ServerException("could not import " + reference + ": no image came of it"));
            ImageRecord record = api.get("look up image " + image, "/inspect/" + image + "/", ImageRecord.class);
            return tag == null ? new Image(api, record) : Image.tagged(api, record, tag);
        } catch (CallInterruptedException e) {
            new Execution(api, operation).abandon(e);
            throw e;
        }
    }

    /** Starts the import and returns its operation as soon as the server has accepted it. */
    public UUID start() {
        Map<String, Object> registry = new LinkedHashMap<>();
        registry.put("url", reference);
        if (!credentials.isEmpty()) {
            registry.put("credentials", credentials);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("registry", registry);
        if (tag != null) {
            body.put("tag", tag);
        }
        if (timeout != null) {
            body.put("timeout", timeout.plusNanos(999_999_999).toSeconds());
        }
        return api.start("import " + reference, "/images/import", body, Run.Started.class)
                .uuid();
    }

    /**
     * The tag that an image from a registry goes by: its name and version as people write them, {@code latest} if it has
     * no version.
     */
    public static String tagOf(String reference) {
        String name = reference.replaceFirst("^(docker|oci)://", "").replaceFirst("@.*$", "");
        name = name.replaceFirst("^docker\\.io/", "").replaceFirst("^library/", "");
        return name.indexOf(':', name.lastIndexOf('/') + 1) < 0 ? name + ":latest" : name;
    }

    private void report(OperationEvent event) {
        if (event.type().equals("progress")) {
            Map<String, @Nullable Object> data = event.data();
            listener.step(
                    String.valueOf(data.get("step")), number(data.get("done_bytes")), number(data.get("total_bytes")));
        }
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : -1;
    }
}
