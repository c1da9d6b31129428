package io.contree.store.grep;

import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.ImageView;
import io.contree.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A directory of this machine as a view, for trees whose names Java can express. */
final class DirectoryView implements ImageView {
    private final Path root;

    DirectoryView(Path root) {
        this.root = root;
    }

    private Path at(RawPath path) {
        return root.resolve("." + path).normalize();
    }

    @Override
    public Optional<Entry> stat(RawPath path, boolean follow) {
        Path file = at(path);
        LinkOption[] options = follow ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
        return Files.exists(file, options) ? Optional.of(entry(file, options)) : Optional.empty();
    }

    private static Entry entry(Path file, LinkOption... options) {
        try {
            int mode = (int) Files.getAttribute(file, "unix:mode", options);
            long size = (long) Files.getAttribute(file, "unix:size", options);
            return new Entry(RawPath.of(file.getFileName()).raw(), mode, 0, 0, size, 1, 0, RawPath.EMPTY, 0, 0, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Entry> list(RawPath path) {
        try (Stream<Path> entries = Files.list(at(path))) {
            return entries.map(file -> entry(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted(Comparator.comparing(Entry::name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Directory directory(RawPath path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public OpenFile open(RawPath path) {
        if ((entry(at(path)).mode() & Stat.TYPE_MASK) != Stat.REGULAR) {
            throw new StoreException(StoreException.Kind.WRONG_TYPE, path.toString());
        }
        try {
            return new OpenFile(Files.size(at(path)), Files.newInputStream(at(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void archive(RawPath path, OutputStream out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Names names() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
