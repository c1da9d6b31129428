package io.contree.sdk;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** Standard input that is too long for a request: it is passed on while the process runs. */
interface LongStdin {
    /** What a request takes; more goes by streaming. */
    int MOST = 1 << 20;

    /**
     * A stream that reads it from its start; whoever opened it closes it.
     *
     * @throws LocalFileException if it cannot be read
     * @throws IllegalStateException if it can be read only once, and was
     */
    InputStream open();

    static LongStdin of(byte[] bytes) {
        byte[] own = bytes.clone();
        return () -> new ByteArrayInputStream(own);
    }

    /** What the file has when it is opened. */
    static LongStdin of(Path file) {
        return () -> {
            try {
                return Files.newInputStream(file);
            } catch (IOException e) {
                throw new LocalFileException("could not read " + file + " for standard input", e);
            }
        };
    }

    /** A stream of which some was read already. It is never closed here. */
    static LongStdin of(byte[] begun, InputStream rest) {
        AtomicBoolean opened = new AtomicBoolean();
        return () -> {
            if (opened.getAndSet(true)) {
                throw new IllegalStateException(
                        "the stream for standard input is longer than " + MOST
                                + " bytes, so that it was not kept, and it has been read for an earlier start; set another one");
            }
            return new SequenceInputStream(new ByteArrayInputStream(begun), new Unclosed(rest));
        };
    }

    /** A stream that belongs to somebody else. */
    final class Unclosed extends java.io.FilterInputStream {
        Unclosed(InputStream stream) {
            super(stream);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return in.read(bytes, offset, length);
        }

        @Override
        public void close() {
            // Its owner does.
        }
    }
}
