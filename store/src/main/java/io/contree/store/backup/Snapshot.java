package io.contree.store.backup;

import io.contree.store.Digest;
import io.contree.store.disk.CatalogLink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * One backup: the catalog as it was at one moment, and what else is not shared with other backups. What the catalog names is on the
 * shelves of the backup directory.
 */
record Snapshot(Path directory) {
    private static final String FIRST_LINE = "contree snapshot 1";

    /**
     * What its file says.
     *
     * @param catalog SHA-256 of the catalog
     * @param damaged what was damaged when it was to be backed up and so is not in it, in words
     */
    record Contents(CatalogLink.Generation generation, Digest catalog, List<String> damaged) {}

    String name() {
        return directory.getFileName().toString();
    }

    Path catalog() {
        return directory.resolve("catalog.db");
    }

    /** The logs of operations that had not ended. */
    Shelf logs() {
        return new Shelf(directory.resolve("logs"));
    }

    /** Says that a first start of a server has saved a profile for clients. */
    Path profileSaved() {
        return directory.resolve("profile-saved");
    }

    private Path contents() {
        return directory.resolve("snapshot");
    }

    void write(Contents contents) throws IOException {
        StringBuilder text = new StringBuilder(FIRST_LINE + "\n");
        text.append("of ").append(contents.generation().catalog()).append('\n');
        text.append("generation ").append(contents.generation().number()).append('\n');
        text.append("catalog ").append(contents.catalog()).append('\n');
        contents.damaged()
                .forEach(what -> text.append("damaged ").append(oneLine(what)).append('\n'));
        String sum = Digest.ofContent(text.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
        Files.writeString(contents(), text + sum + "\n");
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /** @throws DamageException if it is not what was written */
    Contents read() throws IOException {
        List<String> lines;
        try {
            lines = new String(Files.readAllBytes(contents()), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (java.nio.file.NoSuchFileException e) {
            throw new DamageException("its file \"snapshot\" is missing", e);
        }
        if (lines.size() < 5 || !lines.getFirst().equals(FIRST_LINE)) {
            throw new DamageException("its file \"snapshot\" is damaged, or of a later version of contree");
        }
        String text = String.join("\n", lines.subList(0, lines.size() - 1)) + "\n";
        if (!Digest.ofContent(text.getBytes(StandardCharsets.UTF_8)).toString().equals(lines.getLast())) {
            throw new DamageException("its file \"snapshot\" is damaged");
        }
        List<String> damaged = new ArrayList<>();
        for (String line : lines.subList(4, lines.size() - 1)) {
            damaged.add(line.substring("damaged ".length()));
        }
        return new Contents(
                new CatalogLink.Generation(
                        UUID.fromString(lines.get(1).substring("of ".length())),
                        Long.parseLong(lines.get(2).substring("generation ".length()))),
                Digest.parse(lines.get(3).substring("catalog ".length())),
                damaged);
    }
}
