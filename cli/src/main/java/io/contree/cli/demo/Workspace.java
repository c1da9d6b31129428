package io.contree.cli.demo;

import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A directory that is removed with the demo, also when the demo is interrupted from the terminal. */
public final class Workspace implements AutoCloseable {
    private final Path directory;
    private final Thread hook = new Thread(this::abandon, "demo-cleanup");
    private volatile @Nullable Runnable first;

    private Workspace(Path directory) {
        this.directory = directory;
    }

    public static Workspace create() {
        try {
            Workspace workspace = new Workspace(Files.createTempDirectory("contree-demo-"));
            Runtime.getRuntime().addShutdownHook(workspace.hook);
            return workspace;
        } catch (IOException e) {
            throw new UncheckedIOException("could not make a temporary directory: " + e, e);
        }
    }

    /** What has to be closed before the directory can go, if this is interrupted; idempotent. */
    public void closeFirst(Runnable close) {
        first = close;
    }

    public Path path(String name) {
        return directory.resolve(name);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // The process is ending, and the hook does it.
        }
        remove();
    }

    private void abandon() {
        Runnable close = first;
        if (close != null) {
            close.run();
        }
        remove();
    }

    private void remove() {
        try {
            FileCalls.removeTree(directory);
        } catch (LinuxException e) {
            throw new UncheckedIOException("could not remove " + directory + ": " + e.getMessage(), e);
        }
    }
}
