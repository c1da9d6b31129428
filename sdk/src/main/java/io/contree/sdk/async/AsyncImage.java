package io.contree.sdk.async;

import io.contree.api.GrepResult;
import io.contree.api.LineageStep;
import io.contree.sdk.Changes;
import io.contree.sdk.Diff;
import io.contree.sdk.DiffQuery;
import io.contree.sdk.DirectoryEntry;
import io.contree.sdk.FileContent;
import io.contree.sdk.Grep;
import io.contree.sdk.Image;
import io.contree.sdk.ImageUsage;
import io.contree.sdk.LineageQuery;
import io.contree.sdk.RemovalPlan;
import io.contree.sdk.session.SessionStore;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Publisher;

/** The twin of {@link Image}. */
public final class AsyncImage {
    private final Image image;
    private final Calls calls;

    AsyncImage(Image image, Calls calls) {
        this.image = image;
        this.calls = calls;
    }

    /** Twin of {@link Image#uuid()}. */
    public CompletableFuture<UUID> uuid() {
        return calls.call(image::uuid);
    }

    /** Twin of {@link Image#tag()}. */
    public Optional<String> tag() {
        return image.tag();
    }

    /** Twin of {@link Image#contentDigest()}. */
    public CompletableFuture<String> contentDigest() {
        return calls.call(image::contentDigest);
    }

    /** Twin of {@link Image#createdAt()}. */
    public CompletableFuture<Instant> createdAt() {
        return calls.call(image::createdAt);
    }

    /** Twin of {@link Image#labels()}. */
    public CompletableFuture<Map<String, String>> labels() {
        return calls.call(image::labels);
    }

    /** Twin of {@link Image#note()}. */
    public CompletableFuture<Optional<String>> note() {
        return calls.call(() -> image.note());
    }

    /** Twin of {@link Image#command(String, String...)}. */
    public AsyncRun command(String program, String... arguments) {
        return new AsyncRun(image.command(program, arguments), calls);
    }

    /** Twin of {@link Image#command(List)}. */
    public AsyncRun command(List<String> programAndArguments) {
        return new AsyncRun(image.command(programAndArguments), calls);
    }

    /** Twin of {@link Image#shell(String)}. */
    public AsyncRun shell(String expression) {
        return new AsyncRun(image.shell(expression), calls);
    }

    /** Twin of {@link Image#session()}. */
    public AsyncSession session() {
        return new AsyncSession(image.session(), calls);
    }

    /** Twin of {@link Image#session(SessionStore)}. */
    public AsyncSession session(SessionStore store) {
        return new AsyncSession(image.session(store), calls);
    }

    /** Twin of {@link Image#ls(String)}. */
    public CompletableFuture<List<DirectoryEntry>> ls(String path) {
        return calls.call(() -> image.ls(path));
    }

    /** Twin of {@link Image#read(String)}. */
    public CompletableFuture<byte[]> read(String path) {
        return calls.call(() -> image.read(path));
    }

    /** Twin of {@link Image#readText(String)}. */
    public CompletableFuture<String> readText(String path) {
        return calls.call(() -> image.readText(path));
    }

    /** Twin of {@link Image#exists(String)}. */
    public CompletableFuture<Boolean> exists(String path) {
        return calls.call(() -> image.exists(path));
    }

    /** Twin of {@link Image#download(String, Path)}. */
    public CompletableFuture<Path> download(String path, Path target) {
        return calls.call(() -> image.download(path, target));
    }

    /** Twin of {@link Image#fileSystem()}; what is done with the file system waits, as {@code java.nio.file} does. */
    public CompletableFuture<FileSystem> fileSystem() {
        return calls.call(image::fileSystem);
    }

    /** Twin of {@link Image#open(String)}; opened when there is demand. */
    public Publisher<ByteBuffer> open(String path) {
        return calls.bytes(() -> image.open(path));
    }

    /** Twin of {@link Image#archive(String)}; opened when there is demand. */
    public Publisher<ByteBuffer> archive(String path) {
        return calls.bytes(() -> image.archive(path));
    }

    /** Twin of {@link Image#grep(String)}. */
    public CompletableFuture<GrepResult> grep(String pattern) {
        return calls.call(() -> image.grep(pattern));
    }

    /** Twin of {@link Image#grep(Grep)}. */
    public CompletableFuture<GrepResult> grep(Grep search) {
        return calls.call(() -> image.grep(search));
    }

    /** Twin of {@link Image#downloadTree(String, Path)}. */
    public CompletableFuture<Path> downloadTree(String path, Path target) {
        return calls.call(() -> image.downloadTree(path, target));
    }

    /** Twin of {@link Image#applyFiles(Map)}. */
    public CompletableFuture<AsyncImage> applyFiles(Map<String, FileContent> files) {
        return calls.call(() -> new AsyncImage(image.applyFiles(files), calls));
    }

    /** Twin of {@link Image#diff(Image)}. */
    public CompletableFuture<Diff> diff(AsyncImage other) {
        return calls.call(() -> image.diff(other.image));
    }

    /** Twin of {@link Image#diff(Image, DiffQuery)}. */
    public CompletableFuture<Diff> diff(AsyncImage other, DiffQuery query) {
        return calls.call(() -> image.diff(other.image, query));
    }

    /** Twin of {@link Image#patch(Image)}; opened when there is demand. */
    public Publisher<ByteBuffer> patch(AsyncImage other) {
        return calls.bytes(() -> image.patch(other.image));
    }

    /** Twin of {@link Image#patch(Image, String, DiffQuery)}; opened when there is demand. */
    public Publisher<ByteBuffer> patch(AsyncImage other, String directory, DiffQuery query) {
        return calls.bytes(() -> image.patch(other.image, directory, query));
    }

    /** Twin of {@link Image#changesSince(Image, int)}. */
    public CompletableFuture<Changes> changesSince(AsyncImage from, int limit) {
        return calls.call(() -> image.changesSince(from.image, limit));
    }

    /** Twin of {@link Image#lineage(LineageQuery)}; a page is asked for when there is demand for its elements. */
    public Publisher<LineageStep> lineage(LineageQuery query) {
        return calls.each(() -> image.lineage(query), step -> step);
    }

    /** Twin of {@link Image#tagAs(String)}. */
    public CompletableFuture<AsyncImage> tagAs(String tag) {
        return calls.call(() -> new AsyncImage(image.tagAs(tag), calls));
    }

    /** Twin of {@link Image#label(String, String)}. */
    public CompletableFuture<AsyncImage> label(String name, String value) {
        return calls.call(() -> new AsyncImage(image.label(name, value), calls));
    }

    /** Twin of {@link Image#label(Map)}. */
    public CompletableFuture<AsyncImage> label(Map<String, String> labels) {
        return calls.call(() -> new AsyncImage(image.label(labels), calls));
    }

    /** Twin of {@link Image#unlabel(String)}. */
    public CompletableFuture<AsyncImage> unlabel(String name) {
        return calls.call(() -> new AsyncImage(image.unlabel(name), calls));
    }

    /** Twin of {@link Image#note(String)}. */
    public CompletableFuture<AsyncImage> note(String text) {
        return calls.call(() -> new AsyncImage(image.note(text), calls));
    }

    /** Twin of {@link Image#untag(String)}. */
    public CompletableFuture<Void> untag(String tag) {
        return calls.run(() -> image.untag(tag));
    }

    /** Twin of {@link Image#remove()}. */
    public CompletableFuture<Void> remove() {
        return calls.run(image::remove);
    }

    /** Twin of {@link Image#removeForced()}. */
    public CompletableFuture<Void> removeForced() {
        return calls.run(image::removeForced);
    }

    /** Twin of {@link Image#removal()}. */
    public CompletableFuture<RemovalPlan> removal() {
        return calls.call(image::removal);
    }

    /** Twin of {@link Image#usage()}. */
    public CompletableFuture<ImageUsage> usage() {
        return calls.call(image::usage);
    }

    /** Twin of {@link Image#pin()}. */
    public CompletableFuture<Void> pin() {
        return calls.run(image::pin);
    }

    /** Twin of {@link Image#unpin()}. */
    public CompletableFuture<Void> unpin() {
        return calls.run(image::unpin);
    }

    /** Twin of {@link Image#untag()}. */
    public CompletableFuture<Void> untag() {
        return calls.run(image::untag);
    }

    /** The same image for the client that waits. */
    public Image blocking() {
        return image;
    }

    /** What it was taken by, such as its UUID or tag; asks nobody. */
    @Override
    public String toString() {
        return image.toString();
    }
}
