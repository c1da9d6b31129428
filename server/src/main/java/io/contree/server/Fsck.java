package io.contree.server;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.catalog.SqlCatalog;
import io.contree.engine.check.LogCheck;
import io.contree.engine.log.LogDirectory;
import io.contree.store.IoFailure;
import io.contree.store.StoreException;
import io.contree.store.check.Check;
import io.contree.store.check.Fault;
import io.contree.store.check.Fault.Subject;
import io.contree.store.check.Repair;
import io.contree.store.disk.CatalogLink;
import io.contree.store.disk.DataDirectory;
import io.contree.store.disk.Layout;
import io.contree.store.disk.RemovalLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks a data directory, whether or not its server is running: what is on disk against what was recorded, both ways. Failures to check
 * are {@link ContreeException}s that say what to do.
 */
public final class Fsck {
    private static final Duration REMOVAL = Duration.ofMinutes(1);

    private final Layout layout;
    private final Mode mode;
    private final boolean readData;
    private final Check.Progress progress;
    private final Consumer<Row> rows;
    private long faults;
    private long repaired;
    private long leftovers;
    private boolean onDisk;

    private Fsck(Layout layout, Mode mode, boolean readData, Check.Progress progress, Consumer<Row> rows) {
        this.layout = layout;
        this.mode = mode;
        this.readData = readData;
        this.progress = progress;
        this.rows = rows;
    }

    /** What is done about faults. */
    public enum Mode {
        /** Nothing. */
        CHECK,
        /** What can be made good is, and layers that stay damaged are marked; beside a running server, they all are, and no more. */
        REPAIR
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
     * @param repaired what was done about it; null for nothing
     */
    public record Row(
            String kind,
            String subject,
            String id,
            String path,
            String what,
            List<UUID> images,
            List<String> names,
            @Nullable String repaired) {}

    /**
     * What a check came to.
     *
     * @param live whether a server was at work
     * @param faults that harm something
     * @param repaired how many of them are no more
     * @param leftovers that harm nothing
     */
    public record Summary(boolean live, long faults, long repaired, long leftovers) {}

    /**
     * Checks.
     *
     * @param readData whether contents are read, which takes as long as the disk needs for them
     * @param rows is told of each fault
     * @throws ContreeException NOT_FOUND if no server was ever started there, UNAVAILABLE if the check could not be made
     */
    public static Summary check(Path data, Mode mode, boolean readData, Check.Progress progress, Consumer<Row> rows) {
        Layout layout = new Layout(data.toAbsolutePath().normalize());
        if (!Files.exists(layout.catalog()) && !Files.exists(layout.layers())) {
            throw new ContreeException(
                    ErrorCode.NOT_FOUND,
                    "There is no server data in " + data
                            + ", or it cannot be read; name another directory with --data");
        }
        try {
            Fsck fsck = new Fsck(layout, mode, readData, progress, rows);
            boolean live = DataDirectory.isServed(layout);
            if (mode == Mode.CHECK || live) {
                return fsck.undisturbed(live);
            }
            try (DataDirectory _ = DataDirectory.open(data)) { // no server can start meanwhile
                return fsck.undisturbed(false);
            }
        } catch (StoreException e) {
            throw new ContreeException(ErrorCode.UNAVAILABLE, "could not check: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ContreeException(
                    ErrorCode.UNAVAILABLE, "could not check the data directory: " + IoFailure.reason(e), e);
        }
    }

    private Summary undisturbed(boolean live) throws IOException {
        try (RemovalLock _ = forbidRemoval(layout)) {
            return run(live);
        }
    }

    private static RemovalLock forbidRemoval(Layout layout) throws IOException {
        try {
            return RemovalLock.forbid(layout, REMOVAL)
                    .orElseThrow(() -> new ContreeException(
                            ErrorCode.UNAVAILABLE,
                            "could not check: the server is removing things all the time; try again"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ContreeException(ErrorCode.UNAVAILABLE, "interrupted", e);
        }
    }

    private Summary run(boolean live) {
        SqlCatalog catalog;
        try {
            catalog = SqlCatalog.administer(CatalogLink.of(layout.data()));
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.CORRUPT) {
                throw e;
            }
            withoutCatalog(e.getMessage() + "; all images are affected");
            return new Summary(live, faults, repaired, leftovers);
        }
        try (catalog) {
            Repair repair = new Repair(layout, catalog.images(), Clock.systemUTC());
            Consumer<Fault> found = fault -> {
                Map<UUID, List<String>> names = catalog.records().names(fault.images());
                tell(fault, names, act(live, repair, catalog, fault));
            };
            Check check = new Check(
                    layout, catalog.images(), catalog.records(), new Check.Options(readData, live), progress, found);
            whileRecordsCanBeRead(check::run);
            whileRecordsCanBeRead(() -> new LogCheck(layout.operations(), catalog.ended(), progress).run(found));
        }
        return new Summary(live, faults, repaired, leftovers);
    }

    private void whileRecordsCanBeRead(Runnable part) {
        try {
            part.run();
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.CORRUPT) {
                throw e;
            }
            withoutCatalog(e.getMessage() + "; what follows from its other records was not checked");
        }
    }

    /** Tells what is wrong with the catalog, and checks what can be without it. */
    private void withoutCatalog(String what) {
        Subject subject = new Subject(Subject.Type.CATALOG, "catalog.db");
        tell(Fault.of(Fault.Kind.CATALOG, subject, what), Map.of(), Optional.empty());
        if (!onDisk) {
            onDisk = true;
            Check.layersOnDisk(layout, readData, progress, fault -> tell(fault, Map.of(), Optional.empty()));
        }
    }

    private Optional<String> act(boolean live, Repair repair, SqlCatalog catalog, Fault fault) {
        if (mode == Mode.CHECK) {
            return Optional.empty();
        }
        if (live) {
            repair.mark(fault);
            return Optional.empty();
        }
        if (fault.kind() == Fault.Kind.LOG) {
            UUID operation = UUID.fromString(fault.subject().id());
            repair.setAside(LogDirectory.at(layout.operations()).file(operation));
            catalog.ended().loseLog(operation);
            return Optional.of("it was set aside, and its operation has no log any more");
        }
        return repair.repair(fault);
    }

    private void tell(Fault fault, Map<UUID, List<String>> names, Optional<String> done) {
        if (fault.kind().isHarmless()) {
            leftovers++;
        } else {
            faults++;
            repaired += done.isPresent() ? 1 : 0;
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
                all.stream().distinct().sorted().toList(),
                done.orElse(null)));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
