package io.contree.sdk.async;

import io.contree.sdk.DirectoryEntry;
import io.contree.sdk.session.Session;
import io.contree.sdk.session.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The twin of {@link Session}: runs of one branch come after each other here as well. */
public final class AsyncSession {
    private final Session session;
    private final Calls calls;

    AsyncSession(Session session, Calls calls) {
        this.session = session;
        this.calls = calls;
    }

    /** Twin of {@link Session#command(String, String...)}. */
    public AsyncRun command(String program, String... arguments) {
        return new AsyncRun(session.command(program, arguments), calls);
    }

    /** Twin of {@link Session#command(List)}. */
    public AsyncRun command(List<String> programAndArguments) {
        return new AsyncRun(session.command(programAndArguments), calls);
    }

    /** Twin of {@link Session#shell(String)}. */
    public AsyncRun shell(String expression) {
        return new AsyncRun(session.shell(expression), calls);
    }

    /** Twin of {@link Session#image()}. */
    public CompletableFuture<AsyncImage> image() {
        return calls.call(() -> new AsyncImage(session.image(), calls));
    }

    /** Twin of {@link Session#ls(String)}. */
    public CompletableFuture<List<DirectoryEntry>> ls(String path) {
        return calls.call(() -> session.ls(path));
    }

    /** Twin of {@link Session#read(String)}. */
    public CompletableFuture<byte[]> read(String path) {
        return calls.call(() -> session.read(path));
    }

    /** Twin of {@link Session#readText(String)}. */
    public CompletableFuture<String> readText(String path) {
        return calls.call(() -> session.readText(path));
    }

    /** Twin of {@link Session#exists(String)}. */
    public CompletableFuture<Boolean> exists(String path) {
        return calls.call(() -> session.exists(path));
    }

    /** Twin of {@link Session#download(String, Path)}. */
    public CompletableFuture<Path> download(String path, Path target) {
        return calls.call(() -> session.download(path, target));
    }

    /** Twin of {@link Session#history()}. */
    public CompletableFuture<List<Step>> history() {
        return calls.call(session::history);
    }

    /** Twin of {@link Session#currentBranch()}. */
    public String currentBranch() {
        return session.currentBranch();
    }

    /** Twin of {@link Session#branches()}. */
    public CompletableFuture<Set<String>> branches() {
        return calls.call(session::branches);
    }

    /** Twin of {@link Session#branch(String)}. */
    public CompletableFuture<AsyncSession> branch(String name) {
        return calls.call(() -> new AsyncSession(session.branch(name), calls));
    }

    /** Twin of {@link Session#checkout(String)}. */
    public CompletableFuture<AsyncSession> checkout(String name) {
        return calls.call(() -> new AsyncSession(session.checkout(name), calls));
    }

    /** Twin of {@link Session#deleteBranch(String)}. */
    public CompletableFuture<Void> deleteBranch(String name) {
        return calls.run(() -> session.deleteBranch(name));
    }

    /** Twin of {@link Session#rollback(int)}. */
    public CompletableFuture<AsyncImage> rollback(int runs) {
        return calls.call(() -> new AsyncImage(session.rollback(runs), calls));
    }

    /** Twin of {@link Session#abandon()}. */
    public CompletableFuture<Void> abandon() {
        return calls.run(session::abandon);
    }

    /** The same session for the client that waits. */
    public Session blocking() {
        return session;
    }

    @Override
    public String toString() {
        return session.toString();
    }
}
