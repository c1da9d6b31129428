package io.contree.engine.log;

import io.contree.api.OperationEvent;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Goes through what a log holds at this moment. */
public final class Events {
    private Events() {}

    public static void each(Path file, LogTail tail, Consumer<OperationEvent> action) {
        until(file, tail, LogPosition.START, event -> {
            action.accept(event);
            return false;
        });
    }

    /** Goes from a position to the first event that is enough, which is shown too. */
    public static void until(Path file, LogTail tail, LogPosition start, Predicate<OperationEvent> enough) {
        try (EventLogReader reader = new EventLogReader(file, tail, start, -1)) {
            Optional<OperationEvent> event = reader.poll();
            while (event.isPresent() && !enough.test(event.get())) {
                event = reader.poll();
            }
        }
    }
}
