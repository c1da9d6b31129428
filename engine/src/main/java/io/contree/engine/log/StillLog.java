package io.contree.engine.log;

import io.contree.api.OperationEvent;
import io.contree.engine.OperationEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A log that is no longer written: what the file holds, and the completion that follows from the record of the end.
 *
 * @param end empty if a server stopped and could not record it
 */
public record StillLog(Path file, Optional<OperationEnd> end) implements LogTail {
    @Override
    public Optional<OperationEvent> completion() {
        return end.map(recorded -> EventData.completion(EventLogReader.COUNTED, recorded));
    }

    /** Includes the torn line of a crash, before which readers stop. */
    @Override
    public long length() {
        return file.toFile().length();
    }

    @Override
    public void await(long position, Duration atMost) {}
}
