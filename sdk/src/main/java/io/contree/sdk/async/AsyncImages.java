package io.contree.sdk.async;

import io.contree.sdk.ImageQuery;
import io.contree.sdk.Images;
import io.contree.sdk.ProjectUsage;
import io.contree.sdk.Swept;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Publisher;
import java.util.function.Consumer;

/** The twin of {@link Images}. */
public final class AsyncImages {
    private final Images images;
    private final Consumer<UUID> cancel;
    private final Calls calls;

    /** @param cancel an operation */
    AsyncImages(Images images, Consumer<UUID> cancel, Calls calls) {
        this.images = images;
        this.cancel = cancel;
        this.calls = calls;
    }

    /** Twin of {@link Images#list()}. */
    public Publisher<AsyncImage> list() {
        return list(ImageQuery.all());
    }

    /** Twin of {@link Images#list(ImageQuery)}; a page is asked for when there is demand for its elements. */
    public Publisher<AsyncImage> list(ImageQuery query) {
        return calls.each(() -> images.list(query), image -> new AsyncImage(image, calls));
    }

    /** Twin of {@link Images#use(String)}. */
    public AsyncImage use(String reference) {
        return new AsyncImage(images.use(reference), calls);
    }

    public AsyncImage use(UUID uuid) {
        return new AsyncImage(images.use(uuid), calls);
    }

    /** Twin of {@link Images#find(String)}. */
    public CompletableFuture<AsyncImage> find(String reference) {
        return calls.call(() -> new AsyncImage(images.find(reference), calls));
    }

    /** Twin of {@link Images#importFrom(String)}. */
    public AsyncImport importFrom(String reference) {
        return new AsyncImport(images.importFrom(reference), cancel, calls);
    }

    /** Twin of {@link Images#oci(String)}. */
    public CompletableFuture<AsyncImage> oci(String reference) {
        return calls.call(() -> new AsyncImage(images.oci(reference), calls));
    }

    /** Twin of {@link Images#pull(String)}. */
    public CompletableFuture<AsyncImage> pull(String reference) {
        return calls.call(() -> new AsyncImage(images.pull(reference), calls));
    }

    /** Twin of {@link Images#collect()}. */
    public CompletableFuture<Swept> collect() {
        return calls.call(images::collect);
    }

    /** Twin of {@link Images#collectable()}. */
    public CompletableFuture<Swept> collectable() {
        return calls.call(images::collectable);
    }

    /** Twin of {@link Images#usage()}. */
    public CompletableFuture<ProjectUsage> usage() {
        return calls.call(images::usage);
    }
}
