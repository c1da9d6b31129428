package io.contree.store.disk;

import io.contree.linux.FaultPoint;
import io.contree.linux.FileCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the sweep at the start puts what the catalog does not name: a commit that a kill cut short, or all that a wrong catalog
 * does not know. It is kept for a while, in one directory for each start that found something, under its old names.
 */
public final class SetAside {
    /** How long things are kept. */
    static final int DAYS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(SetAside.class);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss'Z'").withZone(ZoneOffset.UTC);

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Layout layout;
    private final Clock clock;
    private final Path today;
    private int kept;

    public SetAside(Layout layout, Clock clock) {
        this.layout = layout;
        this.clock = clock;
        this.today = layout.setAside().resolve(NAME.format(clock.instant()));
    }

    /** Moves something there. What cannot be moved stays where it is, and that is logged. */
    public void keep(Path path) {
        Path target = today.resolve(layout.data().relativize(path));
        try {
            Files.createDirectories(Objects.requireNonNull(target.getParent()), OWNER_ONLY);
            FaultPoint.reach("set-aside.moving");
            FileCalls.rename(path, target, false);
            FaultPoint.pass("set-aside.moved");
            kept++;
        } catch (IOException e) {
            LOG.warn("could not set {} aside; the next start tries again: {}", path, e.toString());
        }
    }

    /** Moves something that an earlier start set aside back to where it was; false if there is no such thing. */
    public boolean bringBack(Path path) throws IOException {
        for (Path start : starts()) {
            Path kept = start.resolve(layout.data().relativize(path));
            if (Files.exists(kept)) {
                Path parent = Objects.requireNonNull(path.getParent());
                Files.deleteIfExists(layout.mended()); // it may have been set aside before the mending
                Files.createDirectories(parent, OWNER_ONLY);
                FileCalls.rename(kept, path, false);
                DiskSync.directory(parent);
                LOG.warn("the catalog names {} again; it was brought back from {}", path, start);
                return true;
            }
        }
        return false;
    }

    private List<Path> starts() throws IOException {
        if (!Files.isDirectory(layout.setAside())) {
            return List.of();
        }
        try (Stream<Path> starts = Files.list(layout.setAside())) {
            return starts.sorted(Comparator.reverseOrder()).toList();
        }
    }

    /** Logs what was kept. */
    public void report() {
        if (kept > 0) {
            LOG.warn(
                    "set aside {} layers and files that the catalog does not name in {}, most likely of work that a"
                            + " kill cut short; they are removed after {} days, or delete them earlier. If images are"
                            + " missing, stop the server, put the right catalog.db back, and start it: they come back",
                    kept,
                    today,
                    DAYS);
        }
    }

    /** Removes what has been kept long enough; what is not named by a date stays. */
    public void removeOld() throws IOException {
        Instant end = clock.instant().minus(Duration.ofDays(DAYS));
        for (Path start : starts()) {
            if (isBefore(start.getFileName().toString(), end)) {
                LOG.info("removing what was set aside in {}", start);
                Removal.remove(start);
            }
        }
    }

    private static boolean isBefore(String name, Instant end) {
        try {
            return Instant.from(NAME.parse(name))
                    .truncatedTo(ChronoUnit.SECONDS)
                    .isBefore(end);
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
