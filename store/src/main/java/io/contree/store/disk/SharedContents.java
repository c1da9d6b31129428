package io.contree.store.disk;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.Host;
import io.contree.linux.LinuxException;
import io.contree.linux.Mounts;
import io.contree.linux.OverlayTrial;
import io.contree.linux.RawPath;
import io.contree.store.Digest;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The contents of large files, where the disk cannot let files share blocks: a layer has a <em>stub</em> with the attributes of
 * such a file, and overlayfs takes the content from here (docs/design/format.md, "Shared contents"). So a change of attributes, a
 * rename or a merge costs no content. A layer has links of its own to the contents of its stubs: it has all that it needs, and a
 * content without such links is needed by none. Safe for use by several threads.
 */
public final class SharedContents {
    private static final Logger LOG = LoggerFactory.getLogger(SharedContents.class);

    /** The smallest size, in bytes: what is smaller is soon copied. */
    public static final long SMALLEST = 16 << 20;

    /** The attributes that make a stub. */
    public static final Set<String> NOTES = Set.of(Mounts.METACOPY, Mounts.REDIRECT);

    private static final Pattern REFERENCE = Pattern.compile("/[0-9a-f-]{36}/[0-9a-f]{2}/([0-9a-f]{64})");

    private final Layout layout;
    /** Nobody inside can know its name, which overlayfs looks for in the layers first. */
    private final Optional<Path> contents;

    private final boolean taking;

    private SharedContents(Layout layout, Optional<Path> contents, boolean taking) {
        this.layout = layout;
        this.contents = contents;
        this.taking = taking;
    }

    /** Shares nothing: layers have all of their contents. */
    public static SharedContents none(Layout layout) {
        return new SharedContents(layout, Optional.empty(), false);
    }

    /**
     * Those of a data directory, which has them from the first time on that its disk shares no blocks and the kernel can take
     * contents from elsewhere.
     *
     * @param sharesBlocks what {@link #areBlocksShared} says of it
     * @throws io.contree.store.StoreException IO if layers share contents and this kernel cannot read them
     */
    public static SharedContents open(Layout layout, boolean sharesBlocks) throws IOException {
        boolean present = Files.isDirectory(layout.contents());
        if (!Host.isRoot()) {
            return none(layout);
        }
        if (!present && sharesBlocks) {
            return none(layout);
        }
        if (!OverlayTrial.takesContents(layout.temporary())) {
            if (present) {
                throw DataDirectory.refused(
                        layout,
                        "has files whose content lies apart from them, which this kernel cannot read",
                        "start it on Linux 6.7 or newer");
            }
            return none(layout);
        }
        return new SharedContents(layout, Optional.of(prepare(layout)), !sharesBlocks);
    }

    /** Those of a directory that is being restored: to be filled by {@link #placeFor} before layers refer to them. */
    static SharedContents restored(Layout layout) throws IOException {
        Files.createDirectories(layout.contents(), DataDirectory.OWNER_ONLY);
        Path contents = layout.contents().resolve(UUID.randomUUID().toString());
        Files.createDirectory(contents);
        return new SharedContents(layout, Optional.of(contents), true);
    }

    /** Where a content has to be before anything refers to it; its directory is there. */
    public Path placeFor(Digest content) throws IOException {
        Path place = place(content);
        Files.createDirectories(Objects.requireNonNull(place.getParent()));
        return place;
    }

    /** Whether files of the disk can share blocks, by trying it. */
    public static boolean areBlocksShared(Layout layout) throws IOException {
        Path from = Files.createTempFile(layout.temporary(), "shares", "blocks");
        Path to = Files.createTempFile(layout.temporary(), "shares", "blocks");
        try (Fd source = FileCalls.open(from, FileCalls.READ_WRITE);
                Fd target = FileCalls.open(to, FileCalls.WRITE)) {
            FileCalls.write(source, new byte[1 << 16], 0, 1 << 16, 0);
            return FileCalls.copy(source, target);
        } finally {
            Files.delete(from);
            Files.delete(to);
        }
    }

    private static Path prepare(Layout layout) throws IOException {
        DataDirectory.useFormat2(layout);
        Files.createDirectories(layout.contents());
        Files.setPosixFilePermissions(layout.contents(), PosixFilePermissions.fromString("rwx------"));
        List<Path> found = children(layout.contents());
        Path contents = found.isEmpty()
                ? Files.createDirectory(
                        layout.contents().resolve(UUID.randomUUID().toString()))
                : found.getFirst();
        DiskSync.directory(layout.contents());
        return contents;
    }

    /** What an overlay of layers with stubs must be mounted with. */
    public Optional<Path> directory() {
        return contents.map(ignored -> layout.contents());
    }

    /** Whether a file of one name should become a stub. */
    public boolean takes(TreeEntry entry) {
        return taking && entry.isRegular() && entry.size() >= SMALLEST;
    }

    /** The content that a file with these attributes takes from here; empty if it is no stub. */
    public static Optional<Digest> contentOf(Map<String, byte[]> xattrs) {
        byte[] reference = xattrs.get(Mounts.REDIRECT);
        if (reference == null || !xattrs.containsKey(Mounts.METACOPY)) {
            return Optional.empty();
        }
        Matcher matcher = REFERENCE.matcher(RawPath.of(reference).raw());
        return matcher.matches() ? Optional.of(new Digest(matcher.group(1))) : Optional.empty();
    }

    /**
     * Takes over the content of a file in a draft; a stub without attributes is under its name then.
     *
     * @param entry what the file is
     */
    public synchronized void take(Fd parent, String name, TreeEntry entry, Layout.LayerDirectory draft)
            throws IOException {
        Path content = place(entry.content().orElseThrow());
        if (Files.notExists(content)) {
            Files.createDirectories(Objects.requireNonNull(content.getParent()));
            FileCalls.link(parent, name, Fd.CWD, raw(content));
        }
        FileCalls.unlink(parent, name, false);
        makeStub(parent, name, entry, draft);
    }

    /** Makes a stub without attributes for a content that is here. */
    public synchronized void makeStub(Fd parent, String name, TreeEntry entry, Layout.LayerDirectory draft)
            throws IOException {
        int flags = FileCalls.WRITE | FileCalls.CREATE | FileCalls.EXCLUSIVE | FileCalls.NO_FOLLOW;
        try (Fd stub = FileCalls.open(parent, name, flags, 0600, FileCalls.RESOLVE_BENEATH)) {
            FileCalls.truncate(stub, entry.size());
            FileCalls.setXattr(stub, "", Mounts.METACOPY, new byte[0]);
        }
        refer(parent, name, entry.content().orElseThrow(), draft);
    }

    /** Lets a file without content take that of another stub. */
    public synchronized void refer(Fd parent, String name, Digest content, Layout.LayerDirectory draft)
            throws IOException {
        Path shared = place(content);
        String reference = "/" + layout.contents().relativize(shared);
        FileCalls.setXattr(parent, name, Mounts.REDIRECT, reference.getBytes(StandardCharsets.US_ASCII));
        Files.createDirectories(draft.contents());
        Path link = draft.content(content);
        if (Files.exists(link)) {
            return;
        }
        try {
            FileCalls.link(Fd.CWD, raw(shared), Fd.CWD, raw(link));
        } catch (LinuxException e) {
            if (e.errno() != Errno.EMLINK) {
                throw e;
            }
            // As many layers as the file system allows links refer to it: from now on there is a second one.
            copyAnew(shared);
            FileCalls.link(Fd.CWD, raw(shared), Fd.CWD, raw(link));
        }
    }

    private void copyAnew(Path shared) throws IOException {
        Path copy = layout.temporary().resolve(UUID.randomUUID().toString());
        int flags = FileCalls.WRITE | FileCalls.CREATE | FileCalls.EXCLUSIVE;
        try (Fd from = FileCalls.open(shared, FileCalls.READ);
                Fd to = FileCalls.open(Fd.CWD, raw(copy), flags, 0600, 0)) {
            FileCalls.copy(from, to);
            FileCalls.fsync(to);
        }
        FileCalls.rename(copy, shared, true);
    }

    /** Brings to disk what the stubs of a layer refer to. */
    public void sync(Layout.LayerDirectory layer) throws IOException {
        if (contents.isEmpty() || Files.notExists(layer.contents())) {
            return;
        }
        for (Path link : children(layer.contents())) {
            try (Fd content = FileCalls.open(link, FileCalls.READ)) {
                FileCalls.fsync(content);
            }
            DiskSync.directory(Objects.requireNonNull(placeOf(link).getParent()));
        }
        DiskSync.directory(layer.contents());
        DiskSync.directory(contents.get());
    }

    /** Gives back what a draft that is thrown away refers to. */
    public synchronized void release(Layout.LayerDirectory draft) {
        if (contents.isEmpty() || Files.notExists(draft.contents())) {
            return;
        }
        try {
            for (Path link : children(draft.contents())) {
                Files.delete(link);
                removeIfUnused(placeOf(link));
            }
        } catch (IOException e) {
            LOG.warn("could not give back what {} refers to; the next start tries again: {}", draft, e.toString());
        }
    }

    /** Removes what no layer refers to. */
    public synchronized void sweep() throws IOException {
        if (contents.isEmpty()) {
            return;
        }
        for (Path directory : children(contents.get())) {
            for (Path content : children(directory)) {
                removeIfUnused(content);
            }
        }
    }

    private static void removeIfUnused(Path content) throws IOException {
        if (FileCalls.statIfPresent(Fd.CWD, raw(content))
                .filter(stat -> stat.nlink() == 1)
                .isPresent()) {
            Files.delete(content);
        }
    }

    /** What a layer's own link is one of. */
    private Path placeOf(Path link) {
        return place(new Digest(link.getFileName().toString()));
    }

    private Path place(Digest content) {
        String hex = content.hex();
        return contents.orElseThrow(() -> new IllegalStateException("this data directory shares no contents"))
                .resolve(hex.substring(0, 2))
                .resolve(hex);
    }

    private static String raw(Path path) {
        return RawPath.of(path).raw();
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        }
    }
}
