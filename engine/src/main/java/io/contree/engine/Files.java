package io.contree.engine;

import io.contree.api.FileRecord;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The uploaded files of a project. */
public interface Files {
    /** Stores a stream to its end; same bytes, same record. */
    FileRecord put(Caller caller, InputStream bytes) throws IOException;

    /** The file of a SHA-256 (64 hexadecimal digits); INVALID_ARGUMENT for a malformed one. */
    Optional<FileRecord> bySha256(Caller caller, String sha256);

    Optional<FileRecord> byUuid(Caller caller, UUID uuid);

    /** Newest first. */
    List<FileRecord> list(Caller caller, Optional<Instant> since, Optional<Instant> until, Page page);
}
