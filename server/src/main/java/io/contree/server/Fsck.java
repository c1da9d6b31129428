package io.contree.server;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.catalog.SqlCatalog;
import io.contree.engine.check.LogCheck;
import io.contree.store.IoFailure;
import io.contree.store.StoreException;
import io.contree.store.check.Check;
import io.contree.store.check.Fault;
import io.contree.store.disk.CatalogLink;
import io.contree.store.disk.DataDirectory;
import io.contree.store.disk.Layout;
import io.contree.store.disk.RemovalLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Checks a data directory, whether or not its server is running: what is on disk against what was recorded, both ways. Failures to check
 * are {@link ContreeException}s that say what to do.
 */
public final class Fsck {
    private static final Duration REMOVAL = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Layout layout;
    private final boolean readData;
    private final Check.Progress progress;
    private final Consumer<Row> rows;
    private long faults;
    private long leftovers;

    private Fsck(Layout layout, boolean readData, Check.Progress progress, Consumer<Row> rows) {
        this.layout = layout;
        this.readData = readData;
        this.progress = progress;
        this.rows = rows;
    }

    /**
     * A fault.
     *
     * @param kind what is wrong, in a word
     * @param subject what it is in: layer, image, upload, operation, content, catalog, skeleton or path
     * @param id of that
     * @param path within a layer, else empty
     * @param what in words
     * @param images that it affects
     * @param names of these, each as {@code project/tag}
     */
    public record Row(
            String kind, String subject, String id, String path, String what, List<UUID> images, List<String> names) {}

    /**
     * What a check came to.
     *
     * @param live whether a server was at work
     * @param faults that harm something
     * @param leftovers that harm nothing
     */
    public record Summary(boolean live, long faults, long leftovers) {}

    /**
     * Checks, and changes nothing.
     *
     * @param readData whether contents are read, which takes as long as the disk needs for them
     * @param rows is told of each fault
     * @throws ContreeException NOT_FOUND if no server was ever started there, UNAVAILABLE if the check could not be made
     */
    public static Summary check(Path data, boolean readData, Check.Progress progress, Consumer<Row> rows) {
        Layout layout = new Layout(data.toAbsolutePath().normalize());
        if (!Files.exists(layout.catalog()) && !Files.exists(layout.layers())) {
            throw new ContreeException(
                    ErrorCode.NOT_FOUND,
                    "There is no server data in " + data
                            + ", or it cannot be read; name another directory with --data");
        }
        try (RemovalLock _ = forbidRemoval(layout)) {
            return new Fsck(layout, readData, progress, rows).run(DataDirectory.isServed(layout));
        } catch (StoreException e) {
            throw new ContreeException(ErrorCode.UNAVAILABLE, "could not check: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ContreeException(
                    ErrorCode.UNAVAILABLE, "could not check the data directory: " + IoFailure.reason(e), e);
        }
    }

    private static RemovalLock forbidRemoval(Layout layout) throws IOException {
        long deadline = System.nanoTime() + REMOVAL.toNanos();
        Optional<RemovalLock> lock = RemovalLock.forbid(layout);
        while (lock.isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new ContreeException(
                        ErrorCode.UNAVAILABLE,
                        "could not check: the server is removing things all the time; try again");
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ContreeException(ErrorCode.UNAVAILABLE, "interrupted", e);
            }
            lock = RemovalLock.forbid(layout);
        }
        return lock.get();
    }

    private Summary run(boolean live) {
        SqlCatalog catalog;
        try {
            catalog = SqlCatalog.administer(CatalogLink.of(layout.data()));
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.CORRUPT) {
                throw e;
            }
            tell(
                    Fault.of(
                            Fault.Kind.CATALOG,
                            new Fault.Subject(Fault.Subject.Type.CATALOG, "catalog.db"),
                            e.getMessage() + "; all images are affected"),
                    Map.of());
            Check.layersOnDisk(layout, readData, progress, fault -> tell(fault, Map.of()));
            return new Summary(live, faults, leftovers);
        }
        try (catalog) {
            Consumer<Fault> found = fault -> tell(fault, catalog.records().names(fault.images()));
            new Check(layout, catalog.images(), catalog.records(), new Check.Options(readData, live), progress, found)
                    .run();
            new LogCheck(layout.operations(), catalog.ended(), progress).run(found);
        }
        return new Summary(live, faults, leftovers);
    }

    private void tell(Fault fault, Map<UUID, List<String>> names) {
        if (fault.kind().isHarmless()) {
            leftovers++;
        } else {
            faults++;
        }
        List<String> all = new ArrayList<>();
        fault.images().forEach(image -> all.addAll(names.getOrDefault(image, List.of())));
        rows.accept(new Row(
                word(fault.kind()),
                word(fault.subject().type()),
                fault.subject().id(),
                fault.path().toString(),
                fault.what(),
                fault.images(),
                all.stream().distinct().sorted().toList()));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
