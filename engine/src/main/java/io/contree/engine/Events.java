package io.contree.engine;

import io.contree.api.OperationEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Goes through what a log holds at this moment. */
final class Events {
    private Events() {}

    /** The tail of a log that nobody writes, without a completion. */
    static LogTail still(Path file) {
        return new LogTail() {
            @Override
            public Optional<OperationEvent> completion() {
                return Optional.empty();
            }

            @Override
            public long length() {
                return file.toFile().length();
            }

            @Override
            public void await(long position, Duration atMost) {}
        };
    }

    static void each(Path file, LogTail tail, Consumer<OperationEvent> action) {
        try (EventLogReader reader = new EventLogReader(file, tail, -1)) {
            for (Optional<OperationEvent> event = reader.poll(); event.isPresent(); event = reader.poll()) {
                action.accept(event.get());
            }
        }
    }
}
