package io.contree.store.disk;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.Digest;
import io.contree.store.StoreException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether uploaded files still hold what they are named by. Each is read once while a server runs, before it is first used, and again if
 * it changes. Safe for use by several threads.
 */
public final class ProvenFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ProvenFiles.class);
    private static final int REMEMBERED = 1 << 16;

    private final Layout layout;
    private final Map<Digest, Proof> proofs = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Proof> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** What was found in a file, as long as it looks the same. */
    private record Proof(long inode, long size, long mtimeNanos, boolean whole) {
        static Proof of(Stat stat, boolean whole) {
            return new Proof(stat.inode(), stat.size(), stat.mtimeNanos(), whole);
        }
    }

    public ProvenFiles(Layout layout) {
        this.layout = layout;
    }

    /** Whether a file is there with all its bytes. */
    public boolean isWhole(Digest digest) throws IOException {
        Optional<Stat> stat = stat(digest);
        if (stat.isEmpty() || !stat.get().isRegular()) {
            return false;
        }
        if (isKnown(digest, stat.get(), true)) {
            return true;
        }
        if (isKnown(digest, stat.get(), false)) {
            return false;
        }
        boolean whole = Digest.ofFile(layout.file(digest)).equals(digest);
        remember(digest, stat.get(), whole);
        if (!whole) {
            LOG.error("the uploaded file {} holds other bytes than were uploaded; \"contree fsck\" tells more", digest);
        }
        return whole;
    }

    /** The same without reading it: false if its size is another, or what it holds was found to be wrong. */
    public boolean seemsWhole(Digest digest, long size) {
        try {
            Optional<Stat> stat = stat(digest);
            return stat.isPresent()
                    && stat.get().isRegular()
                    && stat.get().size() == size
                    && !isKnown(digest, stat.get(), false);
        } catch (IOException e) {
            return false;
        }
    }

    /** @throws StoreException DAMAGED if it is not whole */
    public void require(Digest digest) throws IOException {
        if (!isWhole(digest)) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    "The uploaded file " + digest
                            + " is damaged: what the server has of it on disk is missing or is not what"
                            + " was uploaded; upload it again, which heals it");
        }
    }

    /** To be called for what was just written under its digest. */
    void written(Digest digest) throws IOException {
        Optional<Stat> stat = stat(digest);
        if (stat.isPresent()) {
            remember(digest, stat.get(), true);
        }
    }

    private Optional<Stat> stat(Digest digest) throws IOException {
        return FileCalls.statIfPresent(Fd.CWD, RawPath.of(layout.file(digest)).raw());
    }

    private synchronized boolean isKnown(Digest digest, Stat stat, boolean whole) {
        return Proof.of(stat, whole).equals(proofs.get(digest));
    }

    private synchronized void remember(Digest digest, Stat stat, boolean whole) {
        proofs.put(digest, Proof.of(stat, whole));
    }
}
