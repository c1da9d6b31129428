package io.contree.server.http.exchange;

import io.contree.api.ContreeException;
import io.contree.api.Json;
import io.contree.api.JsonFields;
import io.contree.api.Uuids;
import io.contree.engine.Caller;
import io.contree.engine.HeldBytes;
import io.contree.linux.RawPath;
import io.contree.server.config.HttpSettings;
import io.contree.server.work.FileWork;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One request, decoded, and the ways to answer it. Used by one thread; answered once. */
public final class Exchange {
    /** One client refuses JSON that announces more; without Content-Length it takes any size. */
    static final int MAX_SIZED_JSON = 60 << 10;

    private static final int WORTH_COMPRESSING = 1024;

    /** Writes a body; does not close the stream. */
    public interface Content {
        void writeTo(OutputStream out) throws IOException, InterruptedException;
    }

    /** A body that is made in pieces. */
    public interface Pieces {
        /** The next one, which may be empty; null at the end. */
        byte @Nullable [] next() throws IOException, InterruptedException;
    }

    /** For an answer that is made without holding anything that others wait for. */
    private static final FileWork.Waits HOLDS_NOTHING = new FileWork.Waits() {
        @Override
        public void begin() {}

        @Override
        public void end() {}
    };

    private final ServerRequest request;
    private final ServerResponse response;
    private final RequestBody body;
    private final HttpSettings settings;
    private final ConnectionWatch watch;
    private final Map<String, String> pathParameters;
    private final Query query;
    private final Caller caller;
    private final HeldBytes.Hold memory;
    private @Nullable ClientOutput output;

    public Exchange(
            ServerRequest request,
            ServerResponse response,
            RequestBody body,
            HttpSettings settings,
            ConnectionWatch watch,
            Map<String, String> pathParameters,
            Query query,
            Caller caller,
            HeldBytes.Hold memory) {
        this.request = request;
        this.response = response;
        this.body = body;
        this.settings = settings;
        this.watch = watch;
        this.pathParameters = pathParameters;
        this.query = query;
        this.caller = caller;
        this.memory = memory;
    }

    public Caller caller() {
        return caller;
    }

    public Query query() {
        return query;
    }

    /** A parameter of the route's path, as text. */
    public String parameter(String name) {
        String raw = pathParameters.get(name);
        if (raw == null) {
            throw new IllegalArgumentException("the route has no parameter " + name);
        }
        return RawPath.toText(raw);
    }

    public UUID uuid(String name) {
        String text = parameter(name);
        return Uuids.parse(text).orElseThrow(() -> Query.invalid(name, text, "a UUID"));
    }

    public Optional<String> requestHeader(String name) {
        return request.headers().first(HeaderNames.create(name)).filter(value -> !value.isEmpty());
    }

    /** The path of the request as it arrived, with whatever stands before the API's version. */
    public String rawPath() {
        return request.prologue().uriPath().rawPath();
    }

    public String rawQuery() {
        return request.prologue().query().rawValue();
    }

    /** The JSON body. */
    public <T> T body(Class<T> type) throws IOException {
        return Json.readRequest(bytes(), type);
    }

    /** The JSON body, field by field. */
    public JsonFields fields() throws IOException {
        return Json.fields(bytes());
    }

    private byte[] bytes() throws IOException {
        try (InputStream in = body.upTo(settings.maxJsonBody(), memory::add)) {
            return in.readAllBytes();
        }
    }

    /**
     * Takes memory for the answer until the client has read it.
     *
     * @throws ContreeException TOO_MANY_REQUESTS if the project's other requests leave too little
     */
    public void hold(long bytes) {
        memory.add(bytes);
    }

    /** The body of an upload. */
    public InputStream upload() {
        return body.upTo(settings.maxUpload(), bytes -> {});
    }

    public Exchange header(String name, String value) {
        response.header(name, value);
        return this;
    }

    /** Answers with JSON; a long answer is sent as it is made, without Content-Length. */
    public void json(int status, Object value) throws IOException {
        response.status(Status.create(status));
        header("Content-Type", "application/json");
        SpillingOutput out = new SpillingOutput(MAX_SIZED_JSON, this::compressible);
        Json.write(value, out);
        finish(out);
    }

    private void finish(SpillingOutput out) throws IOException {
        byte[] kept = out.kept();
        if (kept == null) {
            out.close();
        } else {
            sendWhole(kept);
        }
    }

    /** Answers with a body made in pieces; a long one is sent as it is made, without Content-Length. */
    public void pieces(String contentType, Pieces pieces) throws IOException, InterruptedException {
        header("Content-Type", contentType);
        SpillingOutput out = new SpillingOutput(MAX_SIZED_JSON, this::compressible);
        for (byte[] piece = pieces.next(); piece != null; piece = pieces.next()) {
            out.write(piece, 0, piece.length);
        }
        finish(out);
    }

    private void sendWhole(byte[] bytes) throws IOException {
        if (bytes.length < WORTH_COMPRESSING || !acceptsGzip()) {
            response.send(bytes);
            return;
        }
        OutputStream out = compressible();
        out.write(bytes);
        out.close();
    }

    /** Answers without a body. */
    public void empty(int status) {
        response.status(Status.create(status));
        response.send();
    }

    /** Answers HEAD with the length that GET would have. */
    public void head(long length) {
        response.contentLength(length);
        empty(200);
    }

    public void redirect(int status, String location) {
        header("Location", location);
        empty(status);
    }

    /**
     * Answers with a body of unknown length, compressed if the client asks for it; a flush reaches the client. If the
     * content fails, the body has no proper end, so that no client takes it for complete.
     */
    public void stream(String contentType, Content content) throws IOException, InterruptedException {
        stream(contentType, HOLDS_NOTHING, content);
    }

    /** Like {@link #stream(String, Content)}, for work that gives up its turn while it waits for the client. */
    public void stream(String contentType, FileWork.Waits waits, Content content)
            throws IOException, InterruptedException {
        header("Content-Type", contentType);
        OutputStream out = compressible(waits);
        content.writeTo(out);
        out.close();
    }

    /** Answers with a body of a known length, never compressed. */
    public void stream(String contentType, long length, Content content) throws IOException, InterruptedException {
        header("Content-Type", contentType);
        response.contentLength(length);
        OutputStream out = output(HOLDS_NOTHING);
        content.writeTo(out);
        out.close();
    }

    private OutputStream compressible() throws IOException {
        return compressible(HOLDS_NOTHING);
    }

    private OutputStream compressible(FileWork.Waits waits) throws IOException {
        header("Vary", "Accept-Encoding");
        boolean gzip = acceptsGzip();
        if (gzip) {
            header("Content-Encoding", "gzip");
        }
        OutputStream out = output(waits);
        return gzip ? Compression.gzip(out) : out;
    }

    private OutputStream output(FileWork.Waits waits) {
        output = new ClientOutput(response.outputStream(), watch, waits);
        return output;
    }

    /** True once a part of a streamed answer may have reached the client. */
    public boolean hasBegun() {
        return output != null && output.hasBegun();
    }

    private boolean acceptsGzip() {
        return requestHeader("Accept-Encoding").map(Compression::acceptsGzip).orElse(false);
    }
}
