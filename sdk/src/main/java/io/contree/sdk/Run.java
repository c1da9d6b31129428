package io.contree.sdk;

import io.contree.api.ClientRequest;
import io.contree.api.FileRecord;
import io.contree.sdk.internal.http.Completeness;
import io.contree.sdk.process.GuestProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A prepared run: a value. Each method gives another run with one thing changed; {@link #execute} carries it out, any
 * number of times, each time from the same image.
 */
public final class Run {
    private final Api api;
    private final Image image;
    /** The request as it goes over the wire, but for the image and the files. */
    private final ClientRequest request;

    private final Map<String, FileContent> files;
    private final @Nullable LongStdin longStdin;
    private final @Nullable String tag;
    private final @Nullable Launcher launcher;

    private Run(
            Api api,
            Image image,
            ClientRequest request,
            Map<String, FileContent> files,
            @Nullable LongStdin longStdin,
            @Nullable String tag,
            @Nullable Launcher launcher) {
        this.api = api;
        this.image = image;
        this.request = request;
        this.files = Collections.unmodifiableMap(files);
        this.longStdin = longStdin;
        this.tag = tag;
        this.launcher = launcher;
    }

    static Run command(Api api, Image image, String program, List<String> arguments) {
        ClientRequest request = ClientRequest.command(Objects.requireNonNull(program, "program"))
                .args(arguments)
                .shell(false);
        return new Run(api, image, request, Map.of(), null, null, null);
    }

    static Run shell(Api api, Image image, String expression) {
        ClientRequest request = ClientRequest.command(Objects.requireNonNull(expression, "expression"))
                .shell(true);
        return new Run(api, image, request, Map.of(), null, null, null);
    }

    /** With an environment variable, besides those that are set. */
    public Run env(String name, String value) {
        return env(Map.of(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value")));
    }

    /** With environment variables, besides those that are set. */
    public Run env(Map<String, String> variables) {
        return with(request.env(variables));
    }

    /** Its variables become part of the image that it leaves. */
    public Run preserveEnv() {
        return with(request.preserveEnv());
    }

    /** In this directory, which is made if it is not there. */
    public Run cwd(String directory) {
        return with(request.cwd(directory));
    }

    /** Its directory becomes the default of the image that it leaves. */
    public Run preserveCwd() {
        return with(request.preserveCwd());
    }

    public Run user(int uid, int gid) {
        return with(request.user(uid, gid));
    }

    /**
     * As this user, {@code USER[:GROUP]}, each a name of the image or a number, as for docker's {@code --user}: without GROUP its
     * groups are those that the image gives it.
     */
    public Run user(String user) {
        return with(request.user(Objects.requireNonNull(user, "user")));
    }

    public Run hostname(String hostname) {
        return with(request.hostname(hostname));
    }

    /** With this on standard input, as UTF-8; without it standard input is empty. */
    public Run stdin(String text) {
        return stdin(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** As {@link #stdin(String)}. More than 1 MiB is passed on while the command runs, as fast as it reads. */
    public Run stdin(byte[] bytes) {
        return bytes.length <= LongStdin.MOST
                ? withStdin(request.stdin(bytes), null)
                : withStdin(request.stdinToCome(), LongStdin.of(bytes));
    }

    /**
     * Leaves standard input open behind what is set, to be written to by {@link Execution#stdin()} or {@link
     * Execution#writeStdin} until it is closed.
     *
     * @throws IllegalStateException if what is set is more than 1 MiB, and so is passed on up to its end
     */
    public Run openStdin() {
        if (longStdin != null) {
            throw new IllegalStateException("standard input is set to more than " + LongStdin.MOST
                    + " bytes, behind which it cannot stay open; leave one of the two out, or write them to it");
        }
        return with(request.openStdin());
    }

    /**
     * With the content of a file of this machine on standard input. It is read now; a pipe, or a file of more than 1 MiB, is
     * read when the run starts, and passed on while the command runs, as fast as it reads.
     */
    public Run stdin(Path local) {
        try {
            BasicFileAttributes file = Files.readAttributes(local, BasicFileAttributes.class);
            return file.isOther() || file.size() > LongStdin.MOST
                    ? withStdin(request.stdinToCome(), LongStdin.of(local))
                    : stdin(Files.readAllBytes(local));
        } catch (IOException e) {
            throw new LocalFileException("could not read " + local + " for standard input", e);
        }
    }

    /**
     * With the content of a stream on standard input. It is read now, and not closed. If it is longer than 1 MiB, the rest is
     * passed on while the command runs, as fast as it reads, and the run can be started only once. See {@link
     * Execution#stdinFrom} for a stream that is slow, and for what happens if it fails or the command does not read all of it.
     */
    public Run stdin(InputStream stream) {
        try {
            byte[] begun = stream.readNBytes(LongStdin.MOST + 1);
            return begun.length <= LongStdin.MOST
                    ? stdin(begun)
                    : withStdin(request.stdinToCome(), LongStdin.of(begun, stream));
        } catch (IOException e) {
            throw new LocalFileException("could not read a stream for standard input", e);
        }
    }

    private Run withStdin(ClientRequest changed, @Nullable LongStdin toBePassedOn) {
        return new Run(api, image, changed, files, toBePassedOn, tag, launcher);
    }

    /** With a file in place before the command starts; it stays part of the image. A relative path is below the root. */
    public Run file(String destination, FileContent content) {
        return files(
                Map.of(Objects.requireNonNull(destination, "destination"), Objects.requireNonNull(content, "content")));
    }

    /** With files in place, besides those that are set. */
    public Run files(Map<String, FileContent> contents) {
        Map<String, FileContent> more = new LinkedHashMap<>(files);
        more.putAll(contents);
        return new Run(api, image, request, more, longStdin, tag, launcher);
    }

    /** With a file of this machine in place, under its own permission bits. */
    public Run file(String destination, Path local) {
        return file(destination, FileContent.of(local));
    }

    /** Ends the command after this time, in whole seconds rounded up; the state it leaves is kept. */
    public Run timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the timeout has to be positive, and is " + timeout);
        }
        return with(request.timeout(timeout));
    }

    /** Throws the state away: there is no image after the run. */
    public Run disposable() {
        return with(request.disposable());
    }

    /** Keeps this many bytes of each output stream and drops what follows. */
    public Run outputLimit(int bytes) {
        return with(request.outputLimit(bytes));
    }

    /** Lets the run write this many bytes. */
    public Run maxLayerBytes(long bytes) {
        return with(request.maxLayerBytes(bytes));
    }

    /** With or without a network, in place of the server's default. */
    public Run networking(boolean enabled) {
        return with(request.networking(enabled));
    }

    /**
     * Isolates the run with one of the runtimes that the server allows ({@link io.contree.api.Whoami#runtimes}), in place of its usual
     * one. The server refuses any other.
     *
     * @param name such as {@code native}, {@code crun} or {@code runsc}
     */
    public Run runtime(String name) {
        return with(request.runtime(Objects.requireNonNull(name, "name")));
    }

    /**
     * Lets the record of an equal run answer, where the server remembers one: nothing runs then, and the output and the image are those of
     * that run ({@link RunResult#cachedFrom}). For commands that do the same each time. The server refuses it for a run with a network, so
     * that one needs {@code networking(false)} where the server's default is another, and for one whose standard input stays open or is longer
     * than 1 MiB.
     */
    public Run cache() {
        return with(request.cache());
    }

    /** The same command on another image. A launcher that was set does not go along. */
    public Run on(Image other) {
        return new Run(api, Objects.requireNonNull(other, "other"), request, files, longStdin, tag, null);
    }

    /** The same run, started by the launcher: what a session uses to choose the image at the last moment. */
    public Run launchedBy(Launcher launcher) {
        return new Run(api, image, request, files, longStdin, tag, launcher);
    }

    public boolean isDisposable() {
        return request.isDisposable();
    }

    /** The shell expression, or the program and its arguments with spaces between them: for people, not for a shell. */
    public String commandLine() {
        return request.commandLine();
    }

    /**
     * Puts a tag on the image that the run leaves; done by the call that waits for its end.
     *
     * @see Image#tagAs
     */
    public Run tag(String tag) {
        return new Run(api, image, request, files, longStdin, Objects.requireNonNull(tag, "tag"), launcher);
    }

    /**
     * Runs and waits for the end. A command that fails, is killed or runs into its timeout is a result like any other.
     *
     * @throws OperationFailedException if it could not be run, such as a program that is not there
     * @throws OperationCancelledException if somebody cancelled it
     * @throws CallInterruptedException if this thread is interrupted; the run is then cancelled
     */
    public RunResult execute() {
        return start().await();
    }

    /**
     * Runs and waits for the end, but no longer than this.
     *
     * @throws WaitTimeoutException if it has not ended by then; it is then cancelled
     */
    public RunResult execute(Duration atMost) {
        Objects.requireNonNull(atMost, "atMost");
        return start().await(atMost);
    }

    /**
     * Runs, and returns as soon as the server has accepted it.
     *
     * @throws IllegalStateException if the run is disposable and is to be tagged
     */
    public Execution start() {
        if (tag != null && isDisposable()) {
            throw new IllegalStateException("a disposable run leaves no image that could be tagged " + tag
                    + "; leave out disposable() or tag()");
        }
        if (launcher != null) {
            return launcher.launch(this);
        }
        ClientRequest body = placed();
        if (longStdin == null) {
            return send(body);
        }
        InputStream input = longStdin.open();
        try {
            return send(body).feed(input);
        } catch (ContreeClientException e) {
            Api.close(input, e);
            throw e;
        }
    }

    private Execution send(ClientRequest body) {
        Started started = api.start(
                "run a command on image " + image,
                "/instances",
                body,
                Started.class,
                late -> new Execution(api, late.uuid()).cancel());
        return new Execution(api, started.uuid(), tag);
    }

    /**
     * Runs as a process that one can talk to while it runs; see {@link GuestProcess}. Its standard input is open, whatever was
     * set before; a timeout and an output limit that were not set are the largest that there are.
     *
     * @throws IOException if it cannot be started, such as a program that is not there
     */
    public GuestProcess popen() throws IOException {
        return GuestProcess.start(this);
    }

    /** The same run, with these settings where it has none of its own. */
    public Run withDefaults(Duration timeout, int outputLimit) {
        return with(request.withDefaults(timeout, outputLimit));
    }

    record Started(UUID uuid) implements Completeness.Answered {
        @Override
        public Object essence() {
            return uuid;
        }
    }

    /** The whole request, whose files are on the server then. */
    private ClientRequest placed() {
        UploadedFiles uploads = new UploadedFiles(api);
        ClientRequest placed = request.image(image.requestForm());
        for (Map.Entry<String, FileContent> entry : files.entrySet()) {
            FileContent content = entry.getValue();
            FileRecord file = uploads.upload(content);
            try {
                placed = placed.file(entry.getKey(), file, content.effectiveMode(), content.uid(), content.gid());
            } catch (IOException e) {
                throw new LocalFileException("could not read the permissions of " + content, e);
            }
        }
        return placed;
    }

    private Run with(ClientRequest changed) {
        return new Run(api, image, changed, files, longStdin, tag, launcher);
    }

    @Override
    public String toString() {
        return "Run[" + commandLine() + " on " + image + "]";
    }
}
