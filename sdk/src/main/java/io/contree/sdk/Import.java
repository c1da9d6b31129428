package io.contree.sdk;

import io.contree.api.ClientRequest;
import io.contree.api.EventType;
import io.contree.api.ImageRecord;
import io.contree.api.OperationEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An import to be carried out: a value. Each method gives another one with one thing changed. */
public final class Import {
    private final Api api;
    private final String reference;
    private final Settings settings;

    /** Its settings besides the reference. */
    private record Settings(
            @Nullable String tag,
            boolean ifAbsent,
            Map<String, String> credentials,
            @Nullable Duration timeout,
            ImportListener listener) {}

    Import(Api api, String reference) {
        this(api, reference, new Settings(null, false, Map.of(), null, (step, done, total) -> {}));
    }

    private Import(Api api, String reference, Settings settings) {
        this.api = api;
        this.reference = Objects.requireNonNull(reference, "reference");
        this.settings = settings;
    }

    /** Puts a tag on the result. */
    public Import tag(String tag) {
        Settings s = settings;
        return with(new Settings(tag, s.ifAbsent(), s.credentials(), s.timeout(), s.listener()));
    }

    /**
     * Imports nothing if the tag is here already, and gives the image that it names. The tag is the one that was set, else
     * {@link #tagOf} of the reference. A reference by digest without a tag is imported, which moves nothing if it is here.
     */
    public Import ifAbsent() {
        Settings s = settings;
        return with(new Settings(s.tag(), true, s.credentials(), s.timeout(), s.listener()));
    }

    /** Logs in to the registry; the server uses it for this import and does not store it. */
    public Import credentials(String username, String password) {
        Settings s = settings;
        Map<String, String> credentials = Map.of("username", username, "password", password);
        return with(new Settings(s.tag(), s.ifAbsent(), credentials, s.timeout(), s.listener()));
    }

    /** Gives up after this time, in whole seconds rounded up. */
    public Import timeout(Duration timeout) {
        Settings s = settings;
        return with(new Settings(s.tag(), s.ifAbsent(), s.credentials(), timeout, s.listener()));
    }

    /** Reports its progress. */
    public Import onProgress(ImportListener listener) {
        Settings s = settings;
        return with(new Settings(s.tag(), s.ifAbsent(), s.credentials(), s.timeout(), listener));
    }

    private Import with(Settings changed) {
        return new Import(api, reference, changed);
    }

    /**
     * Imports and waits for the end.
     *
     * @throws OperationFailedException with the registry's answer in words, if there is no such image or it is refused
     * @throws CallInterruptedException if this thread is interrupted; the import is then cancelled
     */
    public Image execute() {
        Optional<String> tag = wantedTag();
        if (settings.ifAbsent() && tag.isPresent()) {
            try {
                return new Images(api).find(tag.get());
            } catch (NotFoundException e) {
                return with(new Settings(
                                tag.get(), false, settings.credentials(), settings.timeout(), settings.listener()))
                        .execute();
            }
        }
        UUID operation = start();
        Operations operations = new Operations(api);
        try (EventStream events = operations.events(operation)) {
            events.forEachRemaining(this::report);
            Operation done = operations.await(operation);
            UUID image = done.resultImage()
                    .orElseThrow(() -> new ServerException("could not import " + reference + ": no image came of it"));
            ImageRecord record = api.get("look up image " + image, "/inspect/" + image + "/", ImageRecord.class);
            return tag.map(name -> Image.tagged(api, record, name)).orElseGet(() -> new Image(api, record));
        } catch (CallInterruptedException e) {
            new Execution(api, operation).abandon(e);
            throw e;
        }
    }

    private Optional<String> wantedTag() {
        String tag = settings.tag();
        if (tag == null && settings.ifAbsent() && !reference.contains("@")) {
            tag = tagOf(reference);
        }
        return Optional.ofNullable(tag);
    }

    /** Starts the import and returns its operation as soon as the server has accepted it; does not check whether its tag is here. */
    public UUID start() {
        ClientRequest request = ClientRequest.imported(reference, settings.credentials());
        request = wantedTag().map(request::tag).orElse(request);
        Duration timeout = settings.timeout();
        request = timeout == null ? request : request.timeout(timeout);
        return api.start(
                        "import " + reference,
                        "/images/import",
                        request,
                        Run.Started.class,
                        late -> new Execution(api, late.uuid()).cancel())
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
        if (event.eventType() == EventType.WARNING) {
            warn(event);
        }
        if (event.eventType() == EventType.PROGRESS) {
            Map<String, @Nullable Object> data = event.data();
            settings.listener()
                    .step(
                            String.valueOf(data.get("step")),
                            number(data.get("done_bytes")),
                            number(data.get("total_bytes")));
        }
    }

    private void warn(OperationEvent event) {
        settings.listener().warning(String.valueOf(event.data().get("message")));
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : -1;
    }
}
