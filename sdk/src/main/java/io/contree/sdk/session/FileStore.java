package io.contree.sdk.session;

import io.contree.api.ContreeException;
import io.contree.api.Json;
import io.contree.sdk.SessionException;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** See {@link SessionStore#file}. Format: docs/sdk/sessions.md. */
final class FileStore implements SessionStore {
    static final int FORMAT = 1;
    /** The byte of the lock file for changes; those of the branches come after it. */
    private static final long CHANGES = 0;

    /** The whole file. */
    private record Document(int format, SessionState session) {}

    private final File file;
    private @Nullable Path lockFile;

    FileStore(Path path) {
        this.file = path.toAbsolutePath().normalize().toFile();
    }

    @Override
    public Optional<SessionState> load() {
        // No channel: those close when the thread is interrupted, and a run that has ended must be recorded all the
        // same.
        try (FileInputStream in = new FileInputStream(file)) {
            return Optional.of(read(in.readAllBytes()));
        } catch (FileNotFoundException e) {
            if (file.exists()) {
                throw unreadable(e.toString(), e);
            }
            return Optional.empty();
        } catch (IOException e) {
            throw unreadable(e.toString(), e);
        }
    }

    @Override
    public SessionState update(Function<Optional<SessionState>, SessionState> change) {
        boolean interrupted = Thread.interrupted();
        try {
            return change(change);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private SessionState change(Function<Optional<SessionState>, SessionState> change) {
        Turn alone = LockFile.lock(lockFile(), CHANGES, "changes");
        try {
            Optional<SessionState> before = load();
            SessionState next = change.apply(before);
            if (before.isEmpty() || !next.equals(before.get())) {
                DurableFile.replace(file, Json.bytes(new Document(FORMAT, next)));
            }
            return next;
        } catch (IOException e) {
            throw new SessionException(
                    "could not keep the session in " + file + ": " + e
                            + "; is there room, and may this process write there?",
                    e);
        } finally {
            alone.close();
        }
    }

    /** Branches whose hashes collide share a byte, and wait for each other without need. */
    @Override
    public Turn turn(String branch) {
        return LockFile.lock(lockFile(), 1L + (branch.hashCode() & 0x7fff_ffffL), "the turn on branch " + branch);
    }

    private SessionState read(byte[] bytes) {
        try {
            JsonNode document = Json.read(bytes, JsonNode.class);
            int format = document.path("format").asInt(0);
            if (format > FORMAT) {
                throw new SessionException("could not read the session in " + file + ": it has format " + format
                        + ", and this version knows formats up to " + FORMAT + "; use the version that wrote it");
            }
            @Nullable Document read = Json.read(bytes, Document.class);
            if (format == FORMAT && read != null && read.session() != null) {
                return read.session();
            }
            throw damaged("it is not a session", null);
        } catch (ContreeException e) {
            throw damaged(String.valueOf(e.getMessage()), e);
        }
    }

    private SessionException damaged(String why, @Nullable Throwable cause) {
        return new SessionException(
                "could not read the session in " + file + ": the file is damaged (" + why
                        + "). Restore it, or move it away to begin anew; the images are still on the server.",
                cause);
    }

    private SessionException unreadable(String why, IOException cause) {
        return new SessionException("could not read the session in " + file + ": " + why, cause);
    }

    /** In the directory by its real path, so that two paths of one file are one lock. */
    private synchronized Path lockFile() {
        if (lockFile == null) {
            try {
                Path directory =
                        Files.createDirectories(file.toPath().getParent()).toRealPath();
                lockFile = directory.resolve(file.getName() + ".lock");
            } catch (IOException e) {
                throw new SessionException("could not make the directory of " + file + ": " + e, e);
            }
        }
        return lockFile;
    }
}
