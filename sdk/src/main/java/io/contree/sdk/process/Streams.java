package io.contree.sdk.process;

import io.contree.sdk.Execution;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the three streams of a process go: opened before it starts. */
record Streams(@Nullable InputStream stdin, Sink stdout, Sink stderr, boolean merged) {
    private static final int PIECE = 64 << 10;
    private static final Logger log = LoggerFactory.getLogger(Streams.class);

    static Streams pipes() {
        return new Streams(null, new OutputPipe(), new OutputPipe(), false);
    }

    /** @throws IOException if a file cannot be opened; none is left open then */
    static Streams open(Redirect input, Redirect output, Redirect error, boolean merged) throws IOException {
        File from = input.file();
        InputStream stdin = from == null ? null : new FileInputStream(from);
        @Nullable Sink stdout = null;
        try {
            stdout = sink(output, FileDescriptor.out);
            return new Streams(stdin, stdout, merged ? stdout : sink(error, FileDescriptor.err), merged);
        } catch (IOException e) {
            if (stdin != null) {
                stdin.close();
            }
            if (stdout != null) {
                stdout.end();
            }
            throw e;
        }
    }

    private static Sink sink(Redirect redirect, FileDescriptor own) throws IOException {
        if (redirect.type() == Redirect.Type.INHERIT) {
            return new Inherited(new FileOutputStream(own));
        }
        File file = redirect.file();
        return file == null
                ? new OutputPipe()
                : new FileSink(new FileOutputStream(file, redirect.type() == Redirect.Type.APPEND), file.toString());
    }

    boolean isInputRedirected() {
        return stdin != null;
    }

    InputStream stdoutToRead() {
        return stdout instanceof OutputPipe pipe ? pipe : InputStream.nullInputStream();
    }

    InputStream stderrToRead() {
        return stderr instanceof OutputPipe pipe && !merged ? pipe : InputStream.nullInputStream();
    }

    /** Copies what standard input was redirected from. */
    Optional<Runnable> feeder(Execution execution) {
        InputStream from = stdin;
        return from == null ? Optional.empty() : Optional.of(() -> feed(from, execution));
    }

    private static void feed(InputStream from, Execution execution) {
        try (from;
                OutputStream to = execution.stdin()) {
            byte[] read = new byte[PIECE];
            for (int count = from.read(read); count >= 0; count = from.read(read)) {
                to.write(read, 0, count);
                to.flush();
            }
        } catch (IOException e) {
            log.debug("A process did not take all of its standard input: {}", e.toString());
        }
    }

    void close() throws IOException {
        if (stdin != null) {
            stdin.close();
        }
        stdout.end();
        stderr.end();
    }

    /** A stream of this JVM, which stays open. */
    private record Inherited(FileOutputStream out) implements Sink {
        @Override
        public void write(byte[] bytes) {
            try {
                out.write(bytes);
            } catch (IOException e) {
                log.debug("Output of a process is lost: {}", e.toString());
            }
        }

        @Override
        public void incomplete(IOException why) {
            log.warn("Output of a process is not complete: {}", why.getMessage());
        }

        @Override
        public void end() {
            // It belongs to the JVM.
        }
    }
}
