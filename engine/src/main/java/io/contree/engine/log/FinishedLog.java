package io.contree.engine.log;

import io.contree.api.OperationEvent;
import io.contree.engine.OperationEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The log of a final operation: what the file holds, and the completion that follows from its record. */
public record FinishedLog(Path file, OperationEnd end) implements LogTail {
    @Override
    public Optional<OperationEvent> completion() {
        return Optional.of(EventData.completion(EventLogReader.COUNTED, end));
    }

    /** The torn line of a crash is part of it; the reader ends there. */
    @Override
    public long length() {
        return file.toFile().length();
    }

    @Override
    public void await(long position, Duration atMost) {}
}
