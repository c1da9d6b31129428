package io.contree.engine;

import io.contree.engine.retention.Retention;
import io.contree.engine.retention.RetentionCatalog;
import io.contree.store.Digest;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** For tests in which nothing is given up; the real one is tested in catalog. */
public final class NoRetention implements RetentionCatalog {
    @Override
    public Optional<Needs> needs(UUID project, UUID image) {
        return Optional.empty();
    }

    @Override
    public Optional<Needs> remove(UUID project, UUID image, boolean force) {
        return Optional.empty();
    }

    @Override
    public boolean isElsewhere(UUID project, UUID image) {
        return false;
    }

    @Override
    public boolean pin(UUID project, UUID image, boolean pinned, Instant now) {
        return false;
    }

    @Override
    public void used(UUID project, UUID image, Instant now) {}

    @Override
    public void used(UUID project, Collection<Digest> uploads, Instant now) {}

    @Override
    public boolean isWithoutLog(UUID operation) {
        return false;
    }

    @Override
    public Optional<String> rules(UUID project) {
        return Optional.empty();
    }

    @Override
    public Map<UUID, Optional<String>> projects() {
        return Map.of();
    }

    @Override
    public long count(UUID project, Retention.Kind kind) {
        return 0;
    }

    @Override
    public long uploadBytes(UUID project) {
        return 0;
    }

    @Override
    public List<Used> idle(UUID project, Retention.Kind kind, Optional<Used> after, int limit) {
        return List.of();
    }

    @Override
    public void forEachImage(UUID project, ImageVisitor visitor) {}

    @Override
    public int removeImages(UUID project, Collection<Used> images) {
        return 0;
    }

    @Override
    public int removeUploads(UUID project, Collection<Used> uploads, Set<Digest> spared) {
        return 0;
    }

    @Override
    public int removeOperations(UUID project, Collection<Used> operations) {
        return 0;
    }

    @Override
    public int removeLogs(UUID project, Collection<Used> operations) {
        return 0;
    }
}
