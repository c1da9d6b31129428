package io.contree.sandbox.init;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The pipe on which init listens.
 *
 * @param source init's end, to be closed here once it has it
 * @param sink our end
 */
public record InitInput(Fd source, OutputStream sink) {
    /** Makes the pipe. */
    public static InitInput create(Path pipe) throws IOException {
        FileCalls.makeNode(Fd.CWD, RawPath.of(pipe).raw(), Stat.FIFO | 0600, 0, 0);
        // Open for both directions: with it, opening the pipe in one direction never blocks.
        try (FileChannel _ = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            OutputStream sink = Channels.newOutputStream(FileChannel.open(pipe, StandardOpenOption.WRITE));
            try {
                return new InitInput(FileCalls.open(pipe, FileCalls.READ), sink);
            } catch (IOException e) {
                sink.close();
                throw e;
            }
        }
    }
}
