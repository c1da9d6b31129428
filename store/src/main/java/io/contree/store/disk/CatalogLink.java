package io.contree.store.disk;

import io.contree.store.IoFailure;
import io.contree.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which catalog belongs to a data directory, and how far it had got: without it, or with an older one, most of the data
 * would look like garbage. The catalog counts how often a server opened it, and the directory keeps that count too.
 */
public final class CatalogLink {
    private static final Pattern TEXT = Pattern.compile("contree catalog 1 ([0-9a-f-]{36}) ([0-9]{1,18})\n");

    private final Layout layout;

    private CatalogLink(Layout layout) {
        this.layout = layout;
    }

    public static CatalogLink of(Layout layout) {
        return new CatalogLink(layout);
    }

    /** The link of a directory that another process may hold. */
    public static CatalogLink of(Path data) {
        return new CatalogLink(new Layout(data.toAbsolutePath().normalize()));
    }

    /** What is held back of its disk. */
    public Headroom headroom() {
        return new Headroom(layout);
    }

    /** Where the catalog is. */
    public Path catalog() {
        return layout.catalog();
    }

    /**
     * How far a catalog had got.
     *
     * @param number how many times a server has opened it
     */
    public record Generation(UUID catalog, long number) {}

    /**
     * To be called before the catalog is opened, which would create one.
     *
     * @param there whether there is a catalog with anything in it
     * @throws StoreException CORRUPT if there is none, but data that it would name
     */
    public void requireCatalog(boolean there) {
        if (there || (known().isEmpty() && !hasContent(layout.layers()) && !hasContent(layout.files()))) {
            return;
        }
        throw refused(
                "its catalog (catalog.db) is missing or empty, but its data is there: without the catalog all of it would"
                        + " count as garbage",
                "put catalog.db back, with catalog.db-wal if there is one, from where it went or from a backup; to start"
                        + " afresh instead, choose an empty directory with --data");
    }

    /**
     * To be called before acting on what the catalog says.
     *
     * @throws StoreException CORRUPT if it is the catalog of another directory, or older than the data
     */
    public void require(Optional<Generation> found) {
        Generation known = known().orElse(null);
        if (known == null) {
            return; // from an earlier version, or its first start was cut short
        }
        if (found.isPresent() && !found.get().catalog().equals(known.catalog())) {
            throw refused(
                    "its catalog (catalog.db) is not the one it had: "
                            + found.get().catalog() + " and not " + known.catalog(),
                    "put its own catalog.db back; " + adoption());
        }
        long number = found.map(Generation::number).orElse(0L);
        if (number < known.number()) {
            throw refused(
                    "its catalog (catalog.db) is older than its data, as from a backup: opened " + number
                            + " times and not " + known.number(),
                    "put the newest catalog.db back, with catalog.db-wal if there is one; " + adoption());
        }
    }

    private String adoption() {
        return "to use this one all the same, delete the file \""
                + layout.link().getFileName()
                + "\" there: what this catalog does not name is then set aside in \""
                + layout.setAside().getFileName() + "\" and kept for " + SetAside.DAYS + " days";
    }

    /** Links the directory to this catalog, at this generation. On disk on return. */
    public void record(Generation generation) {
        try {
            WholeFile.write(
                    layout.link(), "contree catalog 1 " + generation.catalog() + " " + generation.number() + "\n");
        } catch (IOException e) {
            throw IoFailure.of("record which catalog the data directory has", e);
        }
    }

    private Optional<Generation> known() {
        String text;
        try {
            if (Files.notExists(layout.link())) {
                return Optional.empty();
            }
            text = new String(Files.readAllBytes(layout.link()), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw IoFailure.of("read which catalog the data directory has", e);
        }
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw refused(
                    "its file \"" + layout.link().getFileName() + "\" is damaged",
                    "if catalog.db is the one that belongs here, delete that file");
        }
        return Optional.of(new Generation(UUID.fromString(matcher.group(1)), Long.parseLong(matcher.group(2))));
    }

    private static boolean hasContent(Path directory) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.findAny().isPresent();
        } catch (IOException e) {
            throw IoFailure.of("look into the data directory", e);
        }
    }

    private StoreException refused(String problem, String remedy) {
        return new StoreException(
                StoreException.Kind.CORRUPT,
                "the data directory " + layout.data() + " is not used: " + problem + "; " + remedy);
    }
}
