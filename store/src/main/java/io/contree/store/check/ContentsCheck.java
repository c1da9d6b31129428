package io.contree.store.check;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.Digest;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Layout.LayerDirectory;
import io.contree.store.state.ContentHash;
import io.contree.store.state.TreeEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** The contents that layers share: whether they are there and, if they are read, what they hold, each once. Used by one thread. */
final class ContentsCheck {
    private final Layout layout;
    private final boolean readData;
    private final LongConsumer bytesRead;
    private final ContentHash hash = new ContentHash();
    /** What files of contents hold, by inode: each is large, so there are few. */
    private final Map<Long, Digest> read = new HashMap<>();

    ContentsCheck(Layout layout, boolean readData, LongConsumer bytesRead) {
        this.layout = layout;
        this.readData = readData;
        this.bytesRead = bytesRead;
    }

    /** What is wrong with the content of a stub of a layer. */
    Optional<String> problem(LayerDirectory layer, Digest content, TreeEntry entry) throws IOException {
        if (!entry.content().equals(Optional.of(content))) {
            return Optional.of("it refers to another content than was written");
        }
        Optional<Path> shared = layout.content(content);
        Optional<String> wrong = shared.isEmpty()
                ? Optional.of("the content that it refers to is missing")
                : problem(shared.get(), content, entry.size());
        return wrong.isPresent() ? wrong : problem(layer.contents().resolve(content.hex()), content, entry.size());
    }

    private Optional<String> problem(Path file, Digest content, long size) throws LinuxException {
        Optional<Stat> stat = FileCalls.statIfPresent(Fd.CWD, RawPath.of(file).raw());
        if (stat.isEmpty()) {
            return Optional.of("the content that it refers to is missing");
        }
        if (!stat.get().isRegular() || stat.get().size() != size) {
            return Optional.of("the content that it refers to has " + stat.get().size() + " bytes and had " + size);
        }
        if (readData && !holds(file, stat.get()).equals(content)) {
            return Optional.of("the content that it refers to holds other bytes than were written");
        }
        return Optional.empty();
    }

    private Digest holds(Path file, Stat stat) throws LinuxException {
        Digest known = read.get(stat.inode());
        if (known == null) {
            try (Fd opened = FileCalls.open(file, FileCalls.READ | FileCalls.NO_FOLLOW)) {
                known = hash.of(opened, stat.size());
            }
            read.put(stat.inode(), known);
            bytesRead.accept(stat.size());
        }
        return known;
    }

    /** Contents that no layer refers to. */
    List<Path> unused() throws IOException {
        if (!Files.isDirectory(layout.contents())) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(layout.contents(), 3)) {
            return files.filter(Files::isRegularFile)
                    .filter(ContentsCheck::isUnused)
                    .toList();
        }
    }

    private static boolean isUnused(Path file) {
        try {
            return FileCalls.statIfPresent(Fd.CWD, RawPath.of(file).raw())
                    .filter(stat -> stat.nlink() == 1)
                    .isPresent();
        } catch (LinuxException e) {
            return false;
        }
    }
}
