package io.contree.sdk.async;

import io.contree.sdk.FileContent;
import io.contree.sdk.Run;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** The twin of {@link Run}: a value, to be executed any number of times, also at the same time. */
public final class AsyncRun {
    private final Run run;
    private final Calls calls;

    AsyncRun(Run run, Calls calls) {
        this.run = run;
        this.calls = calls;
    }

    /** Twin of {@link Run#env(String, String)}. */
    public AsyncRun env(String name, String value) {
        return with(next -> next.env(name, value));
    }

    /** Twin of {@link Run#env(Map)}. */
    public AsyncRun env(Map<String, String> variables) {
        return with(next -> next.env(variables));
    }

    /** Twin of {@link Run#preserveEnv()}. */
    public AsyncRun preserveEnv() {
        return with(Run::preserveEnv);
    }

    /** Twin of {@link Run#cwd(String)}. */
    public AsyncRun cwd(String directory) {
        return with(next -> next.cwd(directory));
    }

    /** Twin of {@link Run#preserveCwd()}. */
    public AsyncRun preserveCwd() {
        return with(Run::preserveCwd);
    }

    /** Twin of {@link Run#user(int, int)}. */
    public AsyncRun user(int uid, int gid) {
        return with(next -> next.user(uid, gid));
    }

    /** Twin of {@link Run#user(String)}. */
    public AsyncRun user(String user) {
        return with(next -> next.user(user));
    }

    /** Twin of {@link Run#hostname(String)}. */
    public AsyncRun hostname(String hostname) {
        return with(next -> next.hostname(hostname));
    }

    /** Twin of {@link Run#stdin(String)}. */
    public AsyncRun stdin(String text) {
        return with(next -> next.stdin(text));
    }

    /** Twin of {@link Run#stdin(byte[])}. */
    public AsyncRun stdin(byte[] bytes) {
        return with(next -> next.stdin(bytes));
    }

    /** Twin of {@link Run#openStdin()}. */
    public AsyncRun openStdin() {
        return with(Run::openStdin);
    }

    /** Twin of {@link Run#stdin(Path)}. */
    public AsyncRun stdin(Path local) {
        return with(next -> next.stdin(local));
    }

    /** Twin of {@link Run#stdin(InputStream)}, which reads the stream now, up to 1 MiB. */
    public AsyncRun stdin(InputStream stream) {
        return with(next -> next.stdin(stream));
    }

    /** Twin of {@link Run#files(Map)}. */
    public AsyncRun files(Map<String, FileContent> contents) {
        return with(next -> next.files(contents));
    }

    /** Twin of {@link Run#file(String, FileContent)}. */
    public AsyncRun file(String destination, FileContent content) {
        return with(next -> next.file(destination, content));
    }

    /** Twin of {@link Run#file(String, Path)}. */
    public AsyncRun file(String destination, Path local) {
        return with(next -> next.file(destination, local));
    }

    /** Twin of {@link Run#timeout(Duration)}. */
    public AsyncRun timeout(Duration timeout) {
        return with(next -> next.timeout(timeout));
    }

    /** Twin of {@link Run#disposable()}. */
    public AsyncRun disposable() {
        return with(Run::disposable);
    }

    /** Twin of {@link Run#outputLimit(int)}. */
    public AsyncRun outputLimit(int bytes) {
        return with(next -> next.outputLimit(bytes));
    }

    /** Twin of {@link Run#maxLayerBytes(long)}. */
    public AsyncRun maxLayerBytes(long bytes) {
        return with(next -> next.maxLayerBytes(bytes));
    }

    /** Twin of {@link Run#runtime(String)}. */
    public AsyncRun runtime(String name) {
        return with(next -> next.runtime(name));
    }

    /** Twin of {@link Run#cache()}. */
    public AsyncRun cache() {
        return with(Run::cache);
    }

    /** Twin of {@link Run#networking(boolean)}. */
    public AsyncRun networking(boolean enabled) {
        return with(next -> next.networking(enabled));
    }

    /** Twin of {@link Run#on(io.contree.sdk.Image)}. */
    public AsyncRun on(AsyncImage other) {
        return with(next -> next.on(other.blocking()));
    }

    /** Twin of {@link Run#withDefaults}. */
    public AsyncRun withDefaults(Duration timeout, int outputLimit) {
        return with(next -> next.withDefaults(timeout, outputLimit));
    }

    /** Twin of {@link Run#isDisposable()}. */
    public boolean isDisposable() {
        return run.isDisposable();
    }

    /** Twin of {@link Run#commandLine()}. */
    public String commandLine() {
        return run.commandLine();
    }

    /** Twin of {@link Run#tag(String)}. */
    public AsyncRun tag(String tag) {
        return with(next -> next.tag(tag));
    }

    /** Twin of {@link Run#execute(Duration)}. Cancelling the future cancels the run on the server. */
    public CompletableFuture<AsyncRunResult> execute(Duration atMost) {
        return calls.call(() -> new AsyncRunResult(run.execute(atMost), calls));
    }

    /** Twin of {@link Run#execute()}. Cancelling the future cancels the run on the server. */
    public CompletableFuture<AsyncRunResult> execute() {
        return calls.call(() -> new AsyncRunResult(run.execute(), calls));
    }

    /** Twin of {@link Run#start()}. Cancelling the future cancels the run, once it is complete the run goes on by itself. */
    public CompletableFuture<AsyncExecution> start() {
        return calls.call(() -> new AsyncExecution(run.start(), calls), AsyncExecution::cancelNow);
    }

    private AsyncRun with(UnaryOperator<Run> change) {
        return new AsyncRun(change.apply(run), calls);
    }

    @Override
    public String toString() {
        return run.toString();
    }
}
