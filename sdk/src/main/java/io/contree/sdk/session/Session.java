package io.contree.sdk.session;

import io.contree.sdk.DirectoryEntry;
import io.contree.sdk.Execution;
import io.contree.sdk.Image;
import io.contree.sdk.Images;
import io.contree.sdk.Operations;
import io.contree.sdk.Run;
import io.contree.sdk.SessionException;
import io.contree.sdk.process.GuestProcess;
import io.contree.sdk.process.GuestProcessBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pointer to an image that moves forward with each run: a run starts from the state that the one before it left.
 *
 * <p>It moves with every run that ends as SUCCESS and is not disposable, whatever its exit code, also when a signal or its
 * timeout ended it: the files that it wrote are there. It does not move with a disposable run, one that could not be run,
 * or one that was cancelled.
 *
 * <p>Runs of one branch come after each other: starting a run, and asking for the image, waits for the end of the run
 * before, by whichever thread, session or process it was started. Other branches are independent. {@link #history},
 * {@link #branches} and {@link #currentBranch} never wait.
 *
 * <p>A run is in the store with its operation before it is waited for. So a session that is opened again after a crash
 * finds out how the run ended, and moves if it should. A crash in the moment between the server's acceptance and the store
 * leaves the session where it was before that run.
 *
 * <p>Safe for use by many threads. Nothing is sent before the first run or question.
 */
public final class Session {
    private final Images images;
    private final Operations operations;
    private final Kept kept;
    private final @Nullable Image origin;

    private volatile @Nullable String branch;

    private Session(Images images, Operations operations, Kept kept, @Nullable Image origin, @Nullable String branch) {
        this.images = images;
        this.operations = operations;
        this.kept = kept;
        this.origin = origin;
        this.branch = branch;
    }

    /** The session that the store holds, on the branch that was checked out last; a new one if it holds none. */
    public static Session open(Images images, Operations operations, SessionStore store, Image origin) {
        @Nullable String current = store.load().map(SessionState::current).orElse(null);
        return new Session(images, operations, new Kept(store, origin), origin, current);
    }

    /**
     * The session that the store holds, on the branch that was checked out last.
     *
     * @throws SessionException if it holds none
     */
    public static Session open(Images images, Operations operations, SessionStore store) {
        Kept kept = new Kept(store, null);
        return new Session(images, operations, kept, null, kept.state().current());
    }

    /** A run of a program with arguments, on what the session's image will be when it is started. */
    public Run command(String program, String... arguments) {
        return template().command(program, arguments).launchedBy(this::launch);
    }

    /** A run of a program with arguments, on what the session's image will be when it is started. */
    public Run command(List<String> programAndArguments) {
        return template().command(programAndArguments).launchedBy(this::launch);
    }

    /** A run of a shell expression, on what the session's image will be when it is started. */
    public Run shell(String expression) {
        return template().shell(expression).launchedBy(this::launch);
    }

    /**
     * Starts a process, to talk to while it runs. When it has ended, the session has moved to the state that it left. Until then
     * it is the run at work: what waits for that waits for the process, {@link #image} and {@link #read} included.
     *
     * @throws IOException if it cannot be started, such as a program that is not there
     */
    public GuestProcess popen(String... command) throws IOException {
        return process(command).start();
    }

    /** A process to be set up and started, as with {@link ProcessBuilder}. */
    public GuestProcessBuilder process(String... command) {
        return new GuestProcessBuilder(this::command, command);
    }

    /** The image that the next run starts from. */
    public Image image() {
        return tip().image();
    }

    /** See {@link Image#ls}. */
    public List<DirectoryEntry> ls(String path) {
        return image().ls(path);
    }

    /** See {@link Image#read}. */
    public byte[] read(String path) {
        return image().read(path);
    }

    /** See {@link Image#readText}. */
    public String readText(String path) {
        return image().readText(path);
    }

    /** See {@link Image#exists}. */
    public boolean exists(String path) {
        return image().exists(path);
    }

    /** See {@link Image#download}. */
    public Path download(String path, Path target) {
        return image().download(path, target);
    }

    /** The steps of this branch, from the image that the session began with to the newest; without a run at work. */
    public List<Step> history() {
        return kept.state().history(currentBranch());
    }

    /** The branch that this session is on. */
    public String currentBranch() {
        String on = branch;
        return on != null ? on : SessionState.FIRST_BRANCH;
    }

    /** The names of all branches. */
    public Set<String> branches() {
        return kept.state().branches().keySet();
    }

    /**
     * Makes a branch that begins where this one is. This session stays on its branch.
     *
     * @return a session on the new branch, in the same store: independent of this one from here on
     * @throws SessionException if there is one of this name
     */
    public Session branch(String name) {
        Branch.checkedName(name);
        tip().settledChange((state, head) -> {
            if (state.branches().containsKey(name)) {
                throw new SessionException("the session has a branch \"" + name
                        + "\" already; check it out, delete it, or take another name");
            }
            return state.withBranch(name, new Branch(head, null));
        });
        return new Session(images, operations, kept, origin, name);
    }

    /**
     * Goes to another branch. A run at work on the branch left behind goes on there.
     *
     * @throws SessionException if there is none of this name
     */
    public Session checkout(String name) {
        Objects.requireNonNull(name, "name");
        kept.update(state -> state.withCurrent(name));
        branch = name;
        return this;
    }

    /**
     * Forgets a branch, and the steps that only it leads to.
     *
     * @throws SessionException if there is none of this name, it is the one that this session or a resumed one is on, or a
     *     run is at work on it
     */
    public void deleteBranch(String name) {
        kept.update(state -> {
            if (name.equals(currentBranch()) || name.equals(state.current())) {
                throw new SessionException("branch \"" + name + "\" is checked out; check out another one first");
            }
            if (state.branch(name).atWork() != null) {
                throw new SessionException("a run is at work on branch \"" + name + "\"; wait for it or abandon it");
            }
            return state.withoutBranch(name);
        });
    }

    /**
     * Goes back this many runs. Steps that no other branch leads to are forgotten; their images stay on the server.
     *
     * @return the image that the next run starts from
     * @throws SessionException if there are not so many
     */
    public Image rollback(int runs) {
        if (runs < 0) {
            throw new IllegalArgumentException("a rollback goes back 0 or more runs, and not " + runs);
        }
        String on = currentBranch();
        SessionState changed = tip().settledChange((state, head) -> {
            List<Step> history = state.history(on);
            if (runs >= history.size()) {
                throw new SessionException(
                        "could not go back " + runs + " runs: branch \"" + on + "\" has " + (history.size() - 1));
            }
            return state.withBranch(
                    on, new Branch(history.get(history.size() - 1 - runs).id(), null));
        });
        return images.use(changed.head(on).image());
    }

    /** Cancels the run at work on this branch, if any, and stays at the state before it. Does not wait. */
    public void abandon() {
        tip().abandon();
    }

    private Execution launch(Run run) {
        return tip().launch(run);
    }

    private Tip tip() {
        return new Tip(images, operations, kept, currentBranch());
    }

    /** A run to be set up; which image it is on does not matter, since the launcher chooses it. */
    private Image template() {
        return origin != null
                ? origin
                : images.use(kept.state().head(currentBranch()).image());
    }

    @Override
    public String toString() {
        return "Session[on branch " + currentBranch() + "]";
    }
}
