package io.contree.store.disk;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.RawPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Small files that are there as a whole or not at all, whenever the power fails. Mode 0600. */
final class WholeFile {
    private WholeFile() {}

    /** The text is on disk on return; until then the old one is, or no file. */
    static void write(Path file, String text) throws IOException {
        Path directory = Objects.requireNonNull(file.getParent(), "a file lies in a directory");
        Path half = directory.resolve(file.getFileName() + ".new");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Files.deleteIfExists(half);
        int flags = FileCalls.WRITE | FileCalls.CREATE | FileCalls.EXCLUSIVE;
        try (Fd out = FileCalls.open(Fd.CWD, RawPath.of(half).raw(), flags, 0600, 0)) {
            FileCalls.write(out, bytes, 0, bytes.length, -1);
            FileCalls.fsync(out);
        }
        FileCalls.rename(half, file, true);
        DiskSync.directory(directory);
    }
}
