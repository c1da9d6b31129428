package io.contree.store.backup;

import io.contree.linux.FaultPoint;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.Digest;
import io.contree.store.StoreException;
import io.contree.store.disk.Layout;
import io.contree.store.disk.RestoredDirectory;
import io.contree.store.layer.EntryAttributes;
import io.contree.store.manifest.Manifest;
import io.contree.store.state.ContentHash;
import io.contree.store.state.StateXattrs;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Makes layers of packed ones, and compares every byte of a content with its hash. Used by one thread. */
final class LayerUnpacking {
    private static final int BUFFER = 1 << 17;
    private static final int DIGEST_SIZE = 32;

    private final RestoredDirectory target;
    private final Contents contents;
    private final Tally tally;
    private final byte[] buffer = new byte[BUFFER];
    private final ContentHash hash = new ContentHash();

    /** Brings the contents that layers share. */
    interface Contents {
        /** On return the content is where layers refer to it. */
        void require(Digest content) throws IOException;
    }

    LayerUnpacking(RestoredDirectory target, Contents contents, Tally tally) {
        this.target = target;
        this.contents = contents;
        this.tally = tally;
    }

    /**
     * Makes a layer.
     *
     * @param layer its directory, which is not there yet
     * @throws DamageException if the pack is not what was written; a part of the layer is there then
     */
    void unpack(Path pack, Layout.LayerDirectory layer) throws IOException {
        try (Fd from = FileCalls.open(pack, FileCalls.READ)) {
            PackIndex index = PackIndex.read(from);
            Files.createDirectory(layer.directory());
            Files.createDirectory(layer.tree());
            writeManifest(from, index, layer.manifest());
            if (index.sumsLength() > 0) {
                byte[] sums = PackIndex.bytes(from, index.sums(), Math.toIntExact(index.sumsLength()))
                        .array();
                if (!LayerPacking.isWhole(sums)) {
                    throw new DamageException("its sums are damaged");
                }
                Files.write(layer.sums(), sums);
            }
            FaultPoint.reach("restore.manifest-written");
            writeTree(from, index, layer);
            FaultPoint.reach("restore.layer-written");
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.CORRUPT) {
                throw new DamageException(String.valueOf(e.getMessage()), e);
            }
            throw e;
        }
    }

    private void writeManifest(Fd from, PackIndex index, Path manifest) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        try (PackWriter out = new PackWriter(manifest, tally)) {
            long at = index.manifest();
            long end = index.sums() - DIGEST_SIZE;
            while (at < end) {
                int read = FileCalls.read(from, buffer, 0, (int) Math.min(BUFFER, end - at), at);
                if (read == 0) {
                    throw new DamageException("it is too short");
                }
                sha256.update(buffer, 0, read);
                out.append(buffer, read);
                at += read;
            }
            byte[] said = PackIndex.bytes(from, end, DIGEST_SIZE).array();
            if (!Arrays.equals(said, sha256.digest())) {
                throw new DamageException("its manifest is damaged");
            }
            out.append(said, said.length);
            out.flush();
        }
    }

    private void writeTree(Fd from, PackIndex index, Layout.LayerDirectory layer) throws IOException {
        Manifest manifest = Manifest.open(layer.manifest());
        long at = 0;
        try (OpenDirectory tree = new OpenDirectory(layer.tree())) {
            Map<Integer, TreeEntry> linked = new HashMap<>();
            for (int i = 1; i < manifest.count(); i++) {
                TreeEntry entry = LayerPacking.entry(manifest, i);
                Fd parent = tree.at(entry.path().parent());
                String name = entry.path().name();
                if (entry.isDirectory()) {
                    FileCalls.makeDirectory(parent, name, 0700);
                    continue;
                }
                TreeEntry same = entry.group() == 0 ? null : linked.putIfAbsent(entry.group(), entry);
                if (same != null) {
                    FileCalls.link(tree.root(), same.path().raw(), parent, name);
                    continue;
                }
                if (index.stubs().containsKey(i)) {
                    Digest content = entry.content().orElseThrow();
                    contents.require(content);
                    target.contents().makeStub(parent, name, entry, layer);
                } else if (entry.isRegular()) {
                    long place = PackFormat.place(at, entry.size());
                    writeFile(from, place, parent, name, entry);
                    at = place + entry.size();
                } else {
                    makeOther(entry, parent, name);
                }
                if (!entry.isWhiteout()) {
                    EntryAttributes.apply(entry, parent, name);
                }
            }
            finishDirectories(manifest, tree);
        }
    }

    private static void makeOther(TreeEntry entry, Fd parent, String name) throws LinuxException {
        if (entry.type() == Stat.SYMLINK) {
            FileCalls.makeSymlink(entry.target().raw(), parent, name);
        } else {
            FileCalls.makeNode(parent, name, entry.mode(), entry.rdevMajor(), entry.rdevMinor());
        }
    }

    private void writeFile(Fd from, long place, Fd parent, String name, TreeEntry entry) throws IOException {
        int flags = FileCalls.READ_WRITE | FileCalls.CREATE | FileCalls.EXCLUSIVE | FileCalls.NO_FOLLOW;
        try (Fd file = FileCalls.open(parent, name, flags, 0600, FileCalls.RESOLVE_BENEATH)) {
            Digest found;
            if (entry.size() < PackFormat.LARGE) {
                int length = (int) entry.size();
                PackIndex.bytes(from, place, length).get(buffer, 0, length);
                found = LayerPacking.digest(buffer, length);
                FileCalls.write(file, buffer, 0, length, 0);
            } else {
                FileCalls.copyPart(from, place, entry.size(), file, 0, tally::tell);
                FileCalls.truncate(file, entry.size());
                found = hash.of(file, entry.size());
            }
            LayerPacking.require(
                    found.equals(entry.content().orElseThrow()), entry, "has other bytes than were backed up");
            tally.copied(entry.size());
        }
    }

    /** From the bottom up: what is made in a directory changes its time. */
    private static void finishDirectories(Manifest manifest, OpenDirectory tree) throws IOException {
        for (int i = manifest.count() - 1; i >= 0; i--) {
            if (!manifest.isDirectory(i)) {
                continue;
            }
            TreeEntry entry = manifest.entry(i);
            RawPath path = entry.path();
            Fd parent = path.isEmpty() ? tree.root() : tree.at(path.parent());
            if (entry.opaque()) {
                FileCalls.setXattr(parent, path.name(), StateXattrs.OPAQUE, StateXattrs.opaqueValue());
            }
            EntryAttributes.apply(entry, parent, path.name());
        }
    }
}
