package io.contree.store.oci.registry;

import io.contree.store.Digest;
import io.contree.store.ImportSource.Credentials;
import io.contree.store.oci.image.Descriptor;
import io.contree.store.oci.image.Json;
import io.contree.store.oci.image.ManifestResolver;
import io.contree.store.oci.image.MediaTypes;
import io.contree.store.oci.limit.ImportControl;
import io.contree.store.oci.limit.ImportLimits;
import io.contree.store.oci.reference.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A {@link Registry} over HTTP, as the OCI distribution specification 1.1 defines it. */
public final class HttpRegistry implements Registry {
    private final Reference.Remote image;
    private final ImportLimits limits;
    private final RegistryFailure failure;
    private final RetryPolicy retries;
    private final ImportControl control;
    private final RegistryTransport transport;

    public HttpRegistry(
            Reference.Remote image,
            Optional<Credentials> credentials,
            boolean allowPrivate,
            ImportLimits limits,
            RetryPolicy retries,
            ImportControl control,
            RegistryEnvironment environment) {
        this.image = image;
        this.limits = limits;
        this.retries = retries;
        this.control = control;
        this.failure = new RegistryFailure(image, credentials.isPresent(), retries.stall());
        this.transport = new RegistryTransport(
                new AddressPolicy(image.registry(), allowPrivate),
                new RegistryLogin(image, credentials, failure),
                failure,
                retries,
                control,
                environment);
    }

    @Override
    public ManifestResolver.Document manifest(String selector) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                ok(transport.get(path("manifests", selector), Map.of("Accept", MediaTypes.accepted())));
        byte[] body = body(response, limits.documentBytes());
        Digest actual = Digest.ofContent(body);
        Optional<String> promised = selector.startsWith("sha256:")
                ? Optional.of(selector)
                : response.headers().firstValue("Docker-Content-Digest").filter(d -> d.startsWith("sha256:"));
        if (promised.isPresent() && !promised.get().equals(actual.toString())) {
            throw failure.broken("the manifest " + Json.shortened(promised.get())
                    + " came with other bytes: their digest is " + actual + ".");
        }
        String type = MediaTypes.ofHeader(
                response.headers().firstValue("Content-Type").orElse(""));
        String what = "The manifest of " + image;
        return new ManifestResolver.Document(type, Json.object(body, what), what);
    }

    @Override
    public byte[] document(Descriptor blob) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                ok(transport.get(path("blobs", blob.digest().toString()), Map.of()));
        byte[] body = body(response, (int) Math.min(blob.size(), limits.documentBytes()));
        if (!blob.names(body)) {
            throw failure.broken("the blob " + blob.digest() + " does not match its digest and size.");
        }
        return body;
    }

    @Override
    public void download(Descriptor blob, Path file) throws IOException, InterruptedException {
        new BlobDownload(blob, file, this::blobFrom, transport, failure, retries, control).run();
    }

    /** The blob from an offset on; the registry may start at 0 anyway, with status 200. */
    private HttpResponse<InputStream> blobFrom(Descriptor blob, long offset) throws InterruptedException {
        Map<String, String> range = offset == 0 ? Map.of() : Map.of("Range", "bytes=" + offset + "-");
        return transport.get(path("blobs", blob.digest().toString()), range);
    }

    private String path(String kind, String selector) {
        return "/v2/" + image.repository() + "/" + kind + "/" + selector;
    }

    private HttpResponse<InputStream> ok(HttpResponse<InputStream> response) {
        if (response.statusCode() != 200) {
            throw failure.answered(response);
        }
        return response;
    }

    private byte[] body(HttpResponse<InputStream> response, int most) throws IOException, InterruptedException {
        try {
            byte[] body = BoundedBody.read(response, most + 1, retries.stall());
            if (body.length > most) {
                throw failure.broken("its answer has more than " + most + " bytes.");
            }
            return body;
        } catch (IOException e) {
            control.check();
            throw failure.unreachable(image.registry().name(), e);
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
