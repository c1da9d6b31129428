package io.contree.store.disk;

import io.contree.linux.FaultPoint;
import io.contree.store.Digest;
import io.contree.store.FileStore;
import io.contree.store.ImageCatalog;
import io.contree.store.IoFailure;
import io.contree.store.StoreException;
import io.contree.store.StoredFile;
import io.contree.store.stream.WatchedStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Uploaded files as plain files named by their digest. */
public final class BlobStore implements FileStore {
    private final Layout layout;
    private final ImageCatalog catalog;
    private final Pins pins;
    private final ProvenFiles proven;
    private final Clock clock;

    public BlobStore(Layout layout, ImageCatalog catalog, Pins pins, ProvenFiles proven, Clock clock) {
        this.layout = layout;
        this.catalog = catalog;
        this.pins = pins;
        this.proven = proven;
        this.clock = clock;
    }

    @Override
    public StoredFile put(InputStream bytes) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        Path temporary = layout.temporary().resolve(UUID.randomUUID().toString());
        WatchedStream upload = new WatchedStream(bytes);
        try (Pins.Lease lease = pins.lease()) {
            lease.add(temporary);
            long size;
            Digest digest;
            try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
                size = new DigestInputStream(upload, sha256).transferTo(out);
                FaultPoint.reach("upload.written");
                digest = Digest.of(sha256.digest());
                lease.add(layout.file(digest));
                if (!proven.isWhole(digest)) {
                    // By the descriptor that wrote: one that is opened later may not be told of a failure.
                    out.getFD().sync();
                }
            }
            FaultPoint.reach("upload.synced");
            store(temporary, digest);
            FaultPoint.reach("upload.moved");
            return catalog.recordFile(
                    new StoredFile(digest.uuid(), digest, size, clock.instant().truncatedTo(ChronoUnit.MILLIS)));
        } catch (IOException e) {
            if (upload.failedWith(e)) {
                throw e;
            }
            throw IoFailure.of("store an uploaded file", e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    @Override
    public FileChannel open(Digest digest) {
        if (catalog.file(digest).isEmpty()) {
            throw new StoreException(
                    StoreException.Kind.NOT_FOUND, "There is no uploaded file " + digest + "; upload it first");
        }
        try {
            proven.require(digest);
            return FileChannel.open(layout.file(digest), StandardOpenOption.READ);
        } catch (IOException e) {
            throw IoFailure.of("open the uploaded file " + digest, e);
        }
    }

    @Override
    public boolean seemsWhole(Digest digest, long size) {
        return proven.seemsWhole(digest, size);
    }

    private void store(Path temporary, Digest digest) throws IOException {
        Path target = layout.file(digest);
        Path directory = layout.directoryOf(digest);
        if (!proven.isWhole(digest)) {
            Files.createDirectories(directory);
            DiskSync.directory(layout.files());
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE); // in place of a damaged one too
            proven.written(digest);
        }
        // Also for a target that was there: whoever moved it there may not have got this far yet.
        DiskSync.directory(directory);
    }
}
