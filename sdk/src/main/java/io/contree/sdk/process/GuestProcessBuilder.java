package io.contree.sdk.process;

import io.contree.sdk.Run;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Starts processes on an image or in a session as {@link ProcessBuilder} does on this machine: it is changed in place, may
 * start many, and is not for several threads at once. The environment is empty at first; the directory is one inside, and made
 * if it is not there. Files of redirects are on this machine.
 */
public final class GuestProcessBuilder {
    private final Function<List<String>, Run> runs;
    private List<String> command;
    private final Map<String, String> environment = new HashMap<>();
    private @Nullable String directory;
    private boolean redirectErrorStream;
    private Redirect input = Redirect.PIPE;
    private Redirect output = Redirect.PIPE;
    private Redirect error = Redirect.PIPE;
    private UnaryOperator<Run> settings = UnaryOperator.identity();

    /** @param runs makes a run of a program and its arguments, such as {@code image::command} */
    public GuestProcessBuilder(Function<List<String>, Run> runs, String... command) {
        this.runs = runs;
        this.command = List.of(command);
    }

    public GuestProcessBuilder command(String... programAndArguments) {
        this.command = List.of(programAndArguments);
        return this;
    }

    public GuestProcessBuilder command(List<String> programAndArguments) {
        this.command = List.copyOf(programAndArguments);
        return this;
    }

    /** The program and its arguments, as a copy. */
    public List<String> command() {
        return new ArrayList<>(command);
    }

    /** The variables of the process, to be changed in place. */
    public Map<String, String> environment() {
        return environment;
    }

    /** Where it starts, inside. */
    public GuestProcessBuilder directory(String path) {
        this.directory = path;
        return this;
    }

    /** Empty if it starts in the directory of the image. */
    public Optional<String> directory() {
        return Optional.ofNullable(directory);
    }

    /** Merges standard error into standard output, in the order in which the server saw them. */
    public GuestProcessBuilder redirectErrorStream(boolean merged) {
        this.redirectErrorStream = merged;
        return this;
    }

    public boolean redirectErrorStream() {
        return redirectErrorStream;
    }

    /** @throws IllegalArgumentException for a redirect to write to, and for the standard input of this JVM */
    public GuestProcessBuilder redirectInput(Redirect source) {
        if (source.type() != Redirect.Type.PIPE && source.type() != Redirect.Type.READ) {
            throw new IllegalArgumentException("standard input comes from a pipe or a file, and not from " + source);
        }
        this.input = source;
        return this;
    }

    public GuestProcessBuilder redirectInput(File file) {
        return redirectInput(Redirect.from(file));
    }

    public GuestProcessBuilder redirectOutput(Redirect destination) {
        this.output = writable(destination);
        return this;
    }

    public GuestProcessBuilder redirectOutput(File file) {
        return redirectOutput(Redirect.to(file));
    }

    public GuestProcessBuilder redirectError(Redirect destination) {
        this.error = writable(destination);
        return this;
    }

    public GuestProcessBuilder redirectError(File file) {
        return redirectError(Redirect.to(file));
    }

    private static Redirect writable(Redirect destination) {
        if (destination.type() == Redirect.Type.READ) {
            throw new IllegalArgumentException("output cannot go to what is read from: " + destination);
        }
        return destination;
    }

    /** Ends it after this time; by default one day, or the longest time of the server. */
    public GuestProcessBuilder timeout(Duration timeout) {
        return settings(run -> run.timeout(timeout));
    }

    /** Any other settings of the run, such as its files or user. */
    public GuestProcessBuilder settings(UnaryOperator<Run> change) {
        UnaryOperator<Run> before = settings;
        this.settings = run -> change.apply(before.apply(run));
        return this;
    }

    /**
     * Starts a process, and returns when it has started.
     *
     * @throws IOException if it cannot be started, or a file of a redirect cannot be opened
     */
    public GuestProcess start() throws IOException {
        Run run = settings.apply(runs.apply(command));
        if (!environment.isEmpty()) {
            run = run.env(environment);
        }
        if (directory != null) {
            run = run.cwd(directory);
        }
        return GuestProcess.start(run, Streams.open(input, output, error, redirectErrorStream));
    }
}
