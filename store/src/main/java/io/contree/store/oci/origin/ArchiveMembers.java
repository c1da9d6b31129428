package io.contree.store.oci.origin;

import io.contree.linux.RawPath;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.image.Json;
import io.contree.store.oci.tar.EntryPath;
import io.contree.store.oci.tar.MalformedArchiveException;
import io.contree.store.oci.tar.TarEntry;
import io.contree.store.oci.tar.TarReader;
import io.contree.store.stream.FileSlice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Where the files of a tar are, so that they can be read in any order and several at once. Links stay within the tar. */
public final class ArchiveMembers implements LayoutFiles {
    private static final int MOST_MEMBERS = 10_000;
    private static final int MOST_LINKS = 16;

    private final FileChannel archive;
    private final Map<RawPath, Range> files = new HashMap<>();
    private final Map<RawPath, RawPath> links = new HashMap<>();

    private record Range(long offset, long length) {}

    private ArchiveMembers(FileChannel archive) {
        this.archive = archive;
    }

    public static ArchiveMembers index(FileChannel archive) throws IOException {
        ArchiveMembers members = new ArchiveMembers(archive);
        FileSlice in = new FileSlice(archive, 0, archive.size());
        TarReader tar = new TarReader(in);
        for (Optional<TarEntry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
            members.add(entry.get(), in.position());
        }
        return members;
    }

    private void add(TarEntry entry, long position) throws MalformedArchiveException {
        RawPath path = EntryPath.normalise(entry.name());
        files.remove(path);
        links.remove(path);
        if (files.size() + links.size() >= MOST_MEMBERS) {
            throw new MalformedArchiveException("it has more than " + MOST_MEMBERS + " files");
        }
        switch (entry.type()) {
            case FILE -> {
                if (entry.size() != entry.dataBytes()) {
                    throw EntryPath.refused(path, "it is a sparse file within an archive of images");
                }
                files.put(path, new Range(position, entry.size()));
            }
            case SYMLINK -> links.put(path, path.parent().child(entry.link()));
            case HARD_LINK -> links.put(path, new RawPath(entry.link()));
            default -> {}
        }
    }

    /** A file's bytes, by its name or that of a link to it. */
    @Override
    public InputStream open(String name) {
        Range range = find(name);
        return new FileSlice(archive, range.offset(), range.length());
    }

    long size(String name) {
        return find(name).length();
    }

    private Range find(String name) {
        RawPath path = resolve(name, RawPath.of(name));
        for (int hops = 0; hops < MOST_LINKS; hops++) {
            Range range = files.get(path);
            if (range != null) {
                return range;
            }
            RawPath link = links.get(path);
            if (link == null) {
                break;
            }
            path = resolve(name, link);
        }
        throw new StoreException(Kind.INVALID, "There is no file \"" + Json.shortened(name) + "\" in the archive.");
    }

    private static RawPath resolve(String name, RawPath path) {
        Deque<String> components = new ArrayDeque<>();
        for (String component : path.names()) {
            if (component.equals("..")) {
                if (components.pollLast() == null) {
                    throw new StoreException(
                            Kind.INVALID, "\"" + Json.shortened(name) + "\" leads out of the archive.");
                }
            } else if (!component.isEmpty() && !component.equals(".")) {
                components.addLast(component);
            }
        }
        return new RawPath(String.join("/", components));
    }

    @Override
    public void close() {
        try {
            archive.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
