package io.contree.catalog;

import io.contree.engine.check.EndedOperations;
import io.contree.store.LayerId;
import io.contree.store.StoredFile;
import io.contree.store.check.Records;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** The catalog as a checker of the whole data directory reads it. */
final class SqlRecords implements Records, EndedOperations {
    private static final int BATCH = 500;

    /** What must not be, and how many there are of it. */
    private static final Map<String, String> REFERENCES = Map.of(
            "images of projects that have no record of the state",
            "select count(*) from project_image where image not in (select uuid from image)",
            "tags of images that their project does not have",
            "select count(*) from tag t where not exists (select 1 from project_image p"
                    + " where p.project = t.project and p.image = t.image)",
            "labels of images that their project does not have",
            "select count(*) from image_label l where not exists (select 1 from project_image p"
                    + " where p.project = l.project and p.image = l.image)",
            "public tags of images that have no record of the state",
            "select count(*) from public_tag where image not in (select uuid from image)",
            "uploaded files of projects that have no record of the file",
            "select count(*) from project_file where file not in (select uuid from file)");

    private final Database database;

    SqlRecords(Database database) {
        this.database = database;
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        try {
            database.read(handle -> {
                handle.createQuery(Dialect.fullCheck()).mapTo(String.class).forEach(said -> {
                    if (!said.equals("ok")) {
                        problems.add(said);
                    }
                });
                REFERENCES.forEach((what, query) -> {
                    long count = handle.createQuery(query).mapTo(Long.class).one();
                    if (count > 0) {
                        problems.add("it has " + count + " " + what);
                    }
                });
                return true;
            });
        } catch (RuntimeException e) {
            problems.add("it cannot be read to its end: " + e.getMessage());
        }
        return problems;
    }

    @Override
    public List<String> imageIds() {
        return database.read(handle -> handle.createQuery("select uuid from image order by created_at, uuid")
                .mapTo(String.class)
                .list());
    }

    @Override
    public void forEachStack(BiConsumer<UUID, List<LayerId>> visitor) {
        database.read(handle -> {
            handle.createQuery("select uuid, layers from image")
                    .map((row, context) -> new String[] {row.getString(1), row.getString(2)})
                    .forEach(row -> visit(row, visitor));
            return true;
        });
    }

    private static void visit(String[] row, BiConsumer<UUID, List<LayerId>> visitor) {
        UUID uuid;
        List<LayerId> layers;
        try {
            uuid = UUID.fromString(row[0]);
            layers = SqlImages.layers(row[1]);
        } catch (IllegalArgumentException e) {
            return; // which is a fault of its own
        }
        visitor.accept(uuid, layers);
    }

    @Override
    public void forEachFile(Consumer<StoredFile> visitor) {
        database.read(handle -> {
            handle.createQuery("select * from file")
                    .map((row, context) -> SqlImages.storedFile(row))
                    .forEach(visitor);
            return true;
        });
    }

    @Override
    public Set<String> released() {
        return database.read(handle -> handle.createQuery("select id from released")
                .map((row, context) -> row.getString(1))
                .set());
    }

    @Override
    public Map<UUID, List<String>> names(Collection<UUID> images) {
        Map<UUID, List<String>> names = new HashMap<>();
        database.read(handle -> {
            images.forEach(image -> names.put(image, names(handle, image)));
            return true;
        });
        return names;
    }

    private static List<String> names(Handle handle, UUID image) {
        return handle.createQuery("select coalesce(nullif(p.name, ''), i.project) || coalesce('/' || t.name, '')"
                        + " from project_image i left join project p on p.uuid = i.project"
                        + " left join tag t on t.project = i.project and t.image = i.image"
                        + " where i.image = :image order by 1")
                .bind("image", image.toString())
                .mapTo(String.class)
                .list();
    }

    @Override
    public void forEach(Consumer<Ended> visitor) {
        String after = "";
        while (true) {
            List<Ended> batch = batch(after);
            batch.forEach(visitor);
            if (batch.size() < BATCH) {
                return;
            }
            after = batch.getLast().operation().toString();
        }
    }

    private List<Ended> batch(String after) {
        return database.read(handle -> handle.createQuery(
                        "select uuid, exit is not null and not log_removed as exited, result_image"
                                + " from operation where status <> 'PENDING' and uuid > :after order by uuid limit :limit")
                .bind("after", after)
                .bind("limit", BATCH)
                .map((row, context) -> new Ended(
                        Columns.uuid(row, "uuid"),
                        row.getBoolean("exited"),
                        Optional.ofNullable(Columns.uuidOrNull(row, "result_image"))))
                .list());
    }

    @Override
    public Set<UUID> operations(String prefix) {
        return database.read(handle -> handle.createQuery(
                        "select uuid from operation where uuid >= :prefix and uuid < :prefix || '~'")
                .bind("prefix", prefix)
                .map((row, context) -> Columns.uuid(row, "uuid"))
                .set());
    }

    @Override
    public void loseLog(UUID operation) {
        database.write(handle -> handle.createUpdate("update operation set log_removed = true where uuid = :uuid")
                .bind("uuid", operation.toString())
                .execute());
    }
}
