package io.contree.sandbox.init;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The pipe on which init speaks. It has a name, and not only the descriptor that {@link Process} would make, because a read
 * from a {@link FileChannel} can be ended from another thread: a stray process that holds the other end must not hold us.
 */
public final class InitOutput implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Path pipe;
    // Open for both directions: with it, opening the pipe in one direction never blocks.
    private final FileChannel keeper;
    private final FileChannel source;

    private InitOutput(Path pipe, FileChannel keeper, FileChannel source) {
        this.pipe = pipe;
        this.keeper = keeper;
        this.source = source;
    }

    /** Makes the pipe. */
    public static InitOutput create(Path pipe) throws IOException {
        FileCalls.makeNode(Fd.CWD, RawPath.of(pipe).raw(), Stat.FIFO | 0600, 0, 0);
        FileChannel keeper = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            return new InitOutput(pipe, keeper, FileChannel.open(pipe, StandardOpenOption.READ));
        } catch (IOException e) {
            keeper.close();
            throw e;
        }
    }

    /** Where the runtime is to write. */
    public File target() {
        return pipe.toFile();
    }

    /** To be called when the runtime runs: from now on the stream ends when nobody can write to it any more. */
    public InputStream listen() throws IOException {
        keeper.close();
        return new BufferedInputStream(Channels.newInputStream(source), BUFFER);
    }

    /** Ends a pending read too. */
    @Override
    public void close() throws IOException {
        keeper.close();
        source.close();
    }
}
