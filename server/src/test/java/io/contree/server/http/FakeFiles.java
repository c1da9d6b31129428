package io.contree.server.http;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.FileRecord;
import io.contree.engine.Caller;
import io.contree.engine.Files;
import io.contree.engine.Page;
import io.contree.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Uploads in memory: digests and sizes, without the bytes. */
final class FakeFiles implements Files {
    private final Map<String, FileRecord> bySha256 = new ConcurrentHashMap<>();

    /** After how many bytes the disk is full. */
    volatile long space = Long.MAX_VALUE;

    /** What a store says of that. */
    volatile String full = "cannot store the upload: disk is full";

    @Override
    public FileRecord put(Caller caller, InputStream bytes) throws IOException {
        MessageDigest digest = sha256();
        long size = 0;
        byte[] buffer = new byte[8192];
        for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
            digest.update(buffer, 0, read);
            size += read;
            if (size > space) {
                throw new StoreException(StoreException.Kind.DISK_FULL, full);
            }
        }
        String hex = HexFormat.of().formatHex(digest.digest());
        UUID uuid = UUID.nameUUIDFromBytes(hex.getBytes(StandardCharsets.US_ASCII));
        FileRecord file = new FileRecord(uuid, hex, size, Instant.now(), Instant.now());
        FileRecord known = bySha256.putIfAbsent(caller.project() + hex, file);
        return known == null ? file : known;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Optional<FileRecord> bySha256(Caller caller, String sha256) {
        if (!sha256.matches("[0-9a-fA-F]{64}")) {
            throw new ContreeException(ErrorCode.INVALID_ARGUMENT, "'" + sha256 + "' is no SHA-256");
        }
        return Optional.ofNullable(bySha256.get(caller.project() + sha256.toLowerCase(Locale.ROOT)));
    }

    @Override
    public Optional<FileRecord> byUuid(Caller caller, UUID uuid) {
        return bySha256.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(caller.project().toString()))
                .map(Map.Entry::getValue)
                .filter(file -> file.uuid().equals(uuid))
                .findFirst();
    }

    @Override
    public List<FileRecord> list(Caller caller, Optional<Instant> since, Optional<Instant> until, Page page) {
        return bySha256.values().stream()
                .filter(file -> since.isEmpty() || file.createdAt().isAfter(since.get()))
                .filter(file -> until.isEmpty() || file.createdAt().isBefore(until.get()))
                .sorted(Comparator.comparing(FileRecord::createdAt).reversed())
                .skip(page.offset())
                .limit(page.limit())
                .toList();
    }
}
