package io.contree.engine.log;

import io.contree.api.EventType;
import io.contree.api.OperationEvent;
import io.contree.store.IoFailure;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Whether the log of an operation that has ended is what was written: event after event, up to its {@link LogTrailer}, or up to the line
 * that a crash cut off. Used once.
 */
public final class LogProof {
    private static final int BUFFER = 1 << 16;
    private static final int MAIN = 1;
    /** What an exit looks like takes no more; events of output may be longer. */
    private static final int LONGEST_EXIT = 8 << 10;

    private final boolean exited;
    private final boolean thorough;
    private final CRC32C crc = new CRC32C();
    private long sound;
    private long events;
    private boolean exitSeen;
    private boolean sealed;
    private Optional<String> wrong = Optional.empty();

    private LogProof(boolean exited, boolean thorough) {
        this.exited = exited;
        this.thorough = thorough;
    }

    /**
     * What is wrong with it; empty if nothing is.
     *
     * @param exited whether its command ended with an exit status, which must then be in the log
     * @param thorough whether each event is parsed, even of a log that has no checksum
     */
    public static Optional<String> problem(Path file, boolean exited, boolean thorough) {
        return new LogProof(exited, thorough).read(file);
    }

    private Optional<String> read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            Optional<String> found = lines(in);
            return found.isPresent() || !exited || exitSeen
                    ? found
                    : Optional.of("it ends after " + events + " events, before the exit of its command");
        } catch (NoSuchFileException e) {
            return exited ? Optional.of("it is missing") : Optional.empty();
        } catch (IOException e) {
            return Optional.of("it cannot be read: " + IoFailure.reason(e));
        }
    }

    private Optional<String> lines(InputStream in) throws IOException {
        LineBuffer line = new LineBuffer();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != '\n') {
                line.write(next);
                continue;
            }
            if (wrong.isEmpty()) {
                wrong = line(line.bytes(), line.size());
            } else {
                sealed |= LogTrailer.parse(line.bytes(), 0, line.size()).isPresent();
            }
            line.reset();
        }
        // A crash leaves lines without an end, and such as are no events, but nothing that says that all is there.
        return exited || sealed ? wrong : Optional.empty();
    }

    private Optional<String> line(byte[] line, int length) {
        if (sealed) {
            return Optional.of("there are lines after its end");
        }
        Optional<LogTrailer> trailer = LogTrailer.parse(line, 0, length);
        if (trailer.isPresent()) {
            sealed = true;
            return trailer.get().equals(LogTrailer.of(sound, crc))
                    ? Optional.empty()
                    : Optional.of("its bytes are not those that its checksum was made of");
        }
        boolean mayBeExit = exited && !exitSeen && length <= LONGEST_EXIT;
        if (EventLine.id(line, 0, length) != events || ((thorough || mayBeExit) && !event(line, length))) {
            return Optional.of("event " + events + " is damaged");
        }
        crc.update(line, 0, length);
        crc.update('\n');
        sound += length + 1L;
        events++;
        return Optional.empty();
    }

    private boolean event(byte[] line, int length) {
        Optional<OperationEvent> event = EventLine.parse(line, 0, length);
        if (event.isEmpty()) {
            return false;
        }
        Integer spid = event.get().spid();
        exitSeen |= EventType.EXIT.wire().equals(event.get().type()) && spid != null && spid == MAIN;
        return true;
    }

    /** A line whose bytes are read in place. */
    private static final class LineBuffer extends ByteArrayOutputStream {
        byte[] bytes() {
            return buf;
        }
    }
}
