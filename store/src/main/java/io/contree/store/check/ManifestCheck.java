package io.contree.store.check;

import io.contree.linux.RawPath;
import io.contree.store.Digest;
import io.contree.store.StoreException;
import io.contree.store.manifest.Manifest;
import io.contree.store.manifest.ManifestFormat;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/** Whether a manifest is what was written, and lists a tree. */
public final class ManifestCheck {
    private static final int BUFFER = 1 << 16;

    private ManifestCheck() {}

    /** What is wrong with it; empty if nothing is. */
    public static Optional<String> problem(Path file) throws IOException {
        try {
            Optional<String> wrong = digestProblem(file);
            return wrong.isPresent() ? wrong : structureProblem(Manifest.open(file));
        } catch (NoSuchFileException e) {
            return Optional.of("it is missing");
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.CORRUPT) {
                throw e;
            }
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (IndexOutOfBoundsException | ArithmeticException | NegativeArraySizeException e) {
            return Optional.of("its tables point outside of it");
        }
    }

    private static Optional<String> digestProblem(Path file) throws IOException {
        long size = Files.size(file);
        if (size < ManifestFormat.DIGEST_SIZE) {
            return Optional.of("it is cut off after " + size + " bytes");
        }
        MessageDigest sha256 = Digest.sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            long left = size - ManifestFormat.DIGEST_SIZE;
            while (left > 0) {
                int read = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
                if (read == 0) {
                    return Optional.of("it became shorter while it was read");
                }
                sha256.update(buffer, 0, read);
                left -= read;
            }
            return Arrays.equals(sha256.digest(), in.readNBytes(ManifestFormat.DIGEST_SIZE))
                    ? Optional.empty()
                    : Optional.of("its SHA-256 is not the one that it ends with");
        }
    }

    /** Who writes it anew can give a changed one the right digest; it must still be one that readers can use. */
    private static Optional<String> structureProblem(Manifest manifest) {
        if (manifest.count() == 0 || !manifest.entry(0).path().isEmpty() || !manifest.isDirectory(0)) {
            return Optional.of("it does not begin with the root directory");
        }
        Deque<RawPath> directories = new ArrayDeque<>();
        RawPath last = RawPath.EMPTY;
        for (int index = 0; index < manifest.count(); index++) {
            TreeEntry entry = manifest.entry(index);
            if (index > 0 && last.compareTo(entry.path()) >= 0) {
                return Optional.of("\"" + entry.path() + "\" is out of order");
            }
            last = entry.path();
            while (index > 0
                    && !directories.isEmpty()
                    && !directories.element().equals(entry.path().parent())) {
                directories.pop();
            }
            if (index > 0 && directories.isEmpty()) {
                return Optional.of("\"" + entry.path() + "\" lies in no directory of it");
            }
            if (entry.isDirectory()) {
                directories.push(entry.path());
            }
            if (entry.group() < 0 || entry.group() > manifest.groups()) {
                return Optional.of("\"" + entry.path() + "\" is in a group of hard links that it does not have");
            }
        }
        return groupProblem(manifest);
    }

    private static Optional<String> groupProblem(Manifest manifest) {
        for (int group = 1; group <= manifest.groups(); group++) {
            for (int member : manifest.members(group)) {
                if (member < 0 || member >= manifest.count() || manifest.group(member) != group) {
                    return Optional.of("its list of the names of one file names another");
                }
            }
        }
        return Optional.empty();
    }
}
