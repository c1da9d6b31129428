package io.contree.engine.local;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.FileRecord;
import io.contree.engine.Action;
import io.contree.engine.Caller;
import io.contree.engine.Files;
import io.contree.engine.Page;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.StoreFailures;
import io.contree.engine.disk.DiskGuard;
import io.contree.store.Digest;
import io.contree.store.FileStore;
import io.contree.store.StoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Files of projects, on the catalog and the store of this machine. */
final class LocalFiles implements Files {
    private static final long LOOK_AFTER = 1 << 20;

    private final ProjectCatalog projects;
    private final FileStore files;
    private final DiskGuard guard;
    private final Clock clock;

    LocalFiles(ProjectCatalog projects, FileStore files, DiskGuard guard, Clock clock) {
        this.projects = projects;
        this.files = files;
        this.guard = guard;
        this.clock = clock;
    }

    @Override
    public FileRecord put(Caller caller, InputStream bytes) throws IOException {
        Action.UPLOAD.require(caller);
        try {
            return projects.recordFile(caller.project(), files.put(new Guarded(bytes)), clock.instant());
        } catch (StoreException e) {
            throw StoreFailures.toContree(e);
        }
    }

    /** Bytes that stop coming when the disk has no room for more of them. */
    private final class Guarded extends FilterInputStream {
        private long untilLook;

        Guarded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            look();
            untilLook--;
            return super.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            look();
            int read = super.read(buffer, offset, length);
            untilLook -= read;
            return read;
        }

        private void look() {
            if (untilLook <= 0) {
                guard.admit("upload");
                untilLook = LOOK_AFTER;
            }
        }
    }

    @Override
    public Optional<FileRecord> bySha256(Caller caller, String sha256) {
        Action.LOOK.require(caller);
        Digest digest = digest(sha256);
        // Who asks by digest wants to know whether to upload, which heals a damaged one.
        return projects.file(caller.project(), digest).filter(file -> files.seemsWhole(digest, file.size()));
    }

    private static Digest digest(String sha256) {
        try {
            return new Digest(sha256.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT, "A SHA-256 has 64 hexadecimal digits; this is not one: " + sha256, e);
        }
    }

    @Override
    public Optional<FileRecord> byUuid(Caller caller, UUID uuid) {
        Action.LOOK.require(caller);
        return projects.file(caller.project(), uuid);
    }

    @Override
    public List<FileRecord> list(Caller caller, Optional<Instant> since, Optional<Instant> until, Page page) {
        Action.LOOK.require(caller);
        return projects.files(caller.project(), since, until, page);
    }
}
