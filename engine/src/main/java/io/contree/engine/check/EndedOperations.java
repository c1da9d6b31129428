package io.contree.engine.check;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** The records of operations that have ended, as a checker needs them. Implemented on SQL by {@code catalog}. */
public interface EndedOperations {
    /**
     * An operation that has ended.
     *
     * @param exited whether its command ended with an exit status, which its log has too
     */
    record Ended(UUID operation, boolean exited, Optional<UUID> resultImage) {}

    /** Hands each to a visitor, which may call the catalog; those that end meanwhile may be among them. */
    void forEach(Consumer<Ended> visitor);

    /** Records that the log of an operation is no longer there, as if its project kept it no longer. */
    void loseLog(UUID operation);

    /** The UUIDs of all operations, ended or not, that begin with these digits. */
    Set<UUID> operations(String prefix);
}
