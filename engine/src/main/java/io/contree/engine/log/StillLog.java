package io.contree.engine.log;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.OperationEvent;
import io.contree.engine.OperationEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * A log that is no longer written: what the file holds, and the completion that follows from the record of the end.
 *
 * @param end empty if a server stopped and could not record it
 */
public record StillLog(Path file, Optional<OperationEnd> end) implements LogTail {
    /**
     * The log of an operation that has ended.
     *
     * @throws ContreeException GONE if what is on disk is not what was written
     */
    public static StillLog of(UUID operation, Path file, Optional<OperationEnd> end) {
        boolean exited = end.flatMap(recorded -> recorded.outcome().exit()).isPresent();
        LogProof.problem(file, exited, false).ifPresent(what -> {
            throw new ContreeException(
                    ErrorCode.GONE,
                    "the event log of operation " + operation + " is damaged on the server's disk: " + what
                            + "; on the server, \"contree fsck\" tells more");
        });
        return new StillLog(file, end);
    }

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
