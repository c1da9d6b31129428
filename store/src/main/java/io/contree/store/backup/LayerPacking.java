package io.contree.store.backup;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.Stat;
import io.contree.store.Digest;
import io.contree.store.IoFailure;
import io.contree.store.StoreException;
import io.contree.store.disk.Layout;
import io.contree.store.disk.SharedContents;
import io.contree.store.manifest.Manifest;
import io.contree.store.state.ContentHash;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Packs a layer into one file: its manifest, which has all attributes, and the contents of its files. Each is compared with what the
 * manifest says, so that a backup never has what was already damaged. Used by one thread.
 */
final class LayerPacking {
    private static final int BUFFER = 1 << 17;
    private static final int DIGEST_SIZE = 32;

    private final Tally tally;
    private final byte[] buffer = new byte[BUFFER];
    private final ContentHash hash = new ContentHash();

    LayerPacking(Tally tally) {
        this.tally = tally;
    }

    /**
     * Packs one layer.
     *
     * @param pack the file to make
     * @return its stubs: the entries whose content is among those that layers share
     * @throws DamageException if the layer is not as it was made; the file is then of no use
     */
    SortedMap<Integer, Digest> pack(Layout.LayerDirectory layer, Path pack) throws IOException {
        Manifest manifest = manifest(layer);
        SortedMap<Integer, Digest> stubs = new TreeMap<>();
        try (PackWriter out = new PackWriter(pack, tally)) {
            try (OpenDirectory tree = tree(layer)) {
                for (int index = 0; index < manifest.count(); index++) {
                    TreeEntry entry = entry(manifest, index);
                    if (entry.isRegular() && isFirstName(manifest, index, entry)) {
                        add(tree, index, entry, out, stubs);
                    }
                }
            }
            long start = out.end();
            appendManifest(layer.manifest(), out);
            long length = out.end() - start;
            byte[] sums = sums(layer.sums());
            out.append(sums, sums.length);
            byte[] rest = new PackIndex(start, length, sums.length, stubs).bytes();
            out.append(rest, rest.length);
            out.flush();
        }
        return stubs;
    }

    /** Whether the content of a file is under this of its names. */
    static boolean isFirstName(Manifest manifest, int index, TreeEntry entry) {
        return entry.group() == 0 || manifest.members(entry.group())[0] == index;
    }

    private static OpenDirectory tree(Layout.LayerDirectory layer) throws DamageException {
        try {
            return new OpenDirectory(layer.tree());
        } catch (LinuxException e) {
            throw new DamageException("its tree cannot be read: " + IoFailure.reason(e), e);
        }
    }

    private static Manifest manifest(Layout.LayerDirectory layer) throws DamageException {
        try {
            return Manifest.open(layer.manifest());
        } catch (IOException e) {
            throw new DamageException("its manifest cannot be read: " + IoFailure.reason(e), e);
        } catch (StoreException e) {
            throw new DamageException(String.valueOf(e.getMessage()), e);
        }
    }

    static TreeEntry entry(Manifest manifest, int index) throws DamageException {
        try {
            return manifest.entry(index);
        } catch (StoreException | IndexOutOfBoundsException e) {
            throw new DamageException("its manifest is damaged", e);
        }
    }

    private void add(OpenDirectory tree, int index, TreeEntry entry, PackWriter out, SortedMap<Integer, Digest> stubs)
            throws IOException {
        Digest content = entry.content().orElseThrow();
        try (Fd file = open(tree, entry)) {
            if (entry.size() >= SharedContents.SMALLEST) {
                Optional<Digest> elsewhere = SharedContents.contentOf(FileCalls.xattrs(file, ""));
                if (elsewhere.isPresent()) {
                    require(elsewhere.get().equals(content), entry, "refers to another content");
                    stubs.put(index, content);
                    return;
                }
            }
            if (entry.size() < PackFormat.LARGE) {
                int length = readSmall(file, entry);
                out.append(buffer, length);
            } else {
                require(hash(file, entry).equals(content), entry, "has other bytes than were written to it");
                out.appendLarge(file, entry.size());
            }
        }
    }

    private Fd open(OpenDirectory tree, TreeEntry entry) throws DamageException {
        try {
            Stat stat =
                    FileCalls.stat(tree.at(entry.path().parent()), entry.path().name());
            require(stat.isRegular(), entry, "is no file any more");
            require(
                    stat.size() == entry.size(),
                    entry,
                    "has " + stat.size() + " bytes, and " + entry.size() + " were written");
            return tree.file(entry.path());
        } catch (LinuxException e) {
            throw unreadable(entry, e);
        }
    }

    private int readSmall(Fd file, TreeEntry entry) throws DamageException {
        try {
            int length = PackIndex.bytes(file, 0, (int) entry.size())
                    .get(buffer, 0, (int) entry.size())
                    .position();
            require(
                    digest(buffer, length).equals(entry.content().orElseThrow()),
                    entry,
                    "has other bytes than were written to it");
            return length;
        } catch (LinuxException e) {
            throw unreadable(entry, e);
        }
    }

    static Digest digest(byte[] bytes, int length) {
        MessageDigest sha256 = Digest.sha256();
        sha256.update(bytes, 0, length);
        return Digest.of(sha256.digest());
    }

    private Digest hash(Fd file, TreeEntry entry) throws DamageException {
        try {
            return hash.of(file, entry.size());
        } catch (LinuxException e) {
            throw unreadable(entry, e);
        }
    }

    private static DamageException unreadable(TreeEntry entry, LinuxException e) {
        return new DamageException(name(entry) + " cannot be read: " + IoFailure.reason(e), e);
    }

    static void require(boolean right, TreeEntry entry, String problem) throws DamageException {
        if (!right) {
            throw new DamageException(name(entry) + " " + problem);
        }
    }

    private static String name(TreeEntry entry) {
        return "\"/" + entry.path() + "\"";
    }

    private void appendManifest(Path manifest, PackWriter out) throws IOException {
        try (Fd file = FileCalls.open(manifest, FileCalls.READ)) {
            long size = FileCalls.stat(file, "").size();
            MessageDigest sha256 = Digest.sha256();
            long at = 0;
            while (at < size - DIGEST_SIZE) {
                int read = FileCalls.read(file, buffer, 0, (int) Math.min(BUFFER, size - DIGEST_SIZE - at), at);
                if (read == 0) {
                    throw new DamageException("its manifest became shorter");
                }
                sha256.update(buffer, 0, read);
                out.append(buffer, read);
                at += read;
            }
            byte[] said = PackIndex.bytes(file, at, DIGEST_SIZE).array();
            if (!Arrays.equals(said, sha256.digest())) {
                throw new DamageException("its manifest is damaged");
            }
            out.append(said, said.length);
        }
    }

    /** None if there are none, or if they are damaged: they save work and nothing else. */
    private static byte[] sums(Path file) throws IOException {
        if (Files.notExists(file)) {
            return new byte[0];
        }
        byte[] sums = Files.readAllBytes(file);
        return isWhole(sums) ? sums : new byte[0];
    }

    /** Whether sums end with their digest. */
    static boolean isWhole(byte[] sums) {
        int length = sums.length - DIGEST_SIZE;
        return length > 0 && Arrays.equals(digest(sums, length).bytes(), Arrays.copyOfRange(sums, length, sums.length));
    }
}
