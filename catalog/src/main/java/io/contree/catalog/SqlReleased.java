package io.contree.catalog;

import io.contree.store.Digest;
import io.contree.store.LayerId;
import io.contree.store.ReleasedRecords;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** What lost a record that named it. */
abstract class SqlReleased implements ReleasedRecords {
    /** No project has it, and nothing else will ask for it. */
    private static final String UNNAMED = " not exists (select 1 from project_image p where p.image = i.uuid)"
            + " and not exists (select 1 from public_tag t where t.image = i.uuid)"
            + " and i.uuid not in (select image from operation where status = 'PENDING' and image is not null)";

    final Database database;

    SqlReleased(Database database) {
        this.database = database;
    }

    /** Which column of what {@code id} is. */
    enum Kind {
        IMAGE,
        LAYER,
        FILE;

        String column() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static void release(Handle handle, Kind kind, Stream<String> ids) {
        batch(
                handle,
                "insert into released (kind, id, version) values (:kind, :id, (select coalesce(max(version), 0) + 1 from released))"
                        + " on conflict (kind, id) do update set version = excluded.version",
                kind,
                ids);
    }

    static void settle(Handle handle, Kind kind, Stream<String> ids) {
        batch(handle, "delete from released where kind = :kind and id = :id", kind, ids);
    }

    private static void batch(Handle handle, String sql, Kind kind, Stream<String> ids) {
        PreparedBatch batch = handle.prepareBatch(sql);
        ids.forEach(id -> batch.bind("kind", kind.column()).bind("id", id).add());
        if (batch.size() > 0) {
            batch.execute();
        }
    }

    @Override
    public void releaseUnnamedImages() {
        database.remove(handle -> handle.createUpdate("insert into released (kind, id, version)"
                        + " select 'image', i.uuid, 0 from image i where" + UNNAMED + " on conflict do nothing")
                .execute());
    }

    @Override
    public void releaseLayers(Collection<LayerId> layers) {
        database.remove(handle -> {
            release(handle, Kind.LAYER, layers.stream().map(LayerId::toString));
            return true;
        });
    }

    @Override
    public void releaseUnusedChains() {
        Set<LayerId> chained = database.read(handle -> handle.createQuery("select layer from chain")
                .map((row, context) -> LayerId.parse(row.getString(1)))
                .set());
        chained.removeAll(namedLayers(chained, Set.of()));
        database.remove(handle -> {
            release(handle, Kind.LAYER, chained.stream().map(LayerId::toString));
            return true;
        });
    }

    @Override
    public Set<UUID> unneededImages() {
        return database.read(handle -> handle.createQuery(
                        "select i.uuid from image i join released r on r.kind = 'image' and r.id = i.uuid where"
                                + UNNAMED)
                .map((row, context) -> Columns.uuid(row, "uuid"))
                .set());
    }

    @Override
    public Set<UUID> forgetImages(Collection<UUID> images) {
        return database.remove(handle -> {
            Set<UUID> forgotten = new HashSet<>();
            for (UUID image : images) {
                if (forget(handle, image.toString())) {
                    forgotten.add(image);
                }
            }
            return forgotten;
        });
    }

    /** One that only an unfinished operation names stays released: it may be unneeded once that has ended. */
    private static boolean forget(Handle handle, String image) {
        List<String> stack = handle.createQuery("select layers from image i where i.uuid = :uuid and exists"
                        + " (select 1 from released r where r.kind = 'image' and r.id = i.uuid) and" + UNNAMED)
                .bind("uuid", image)
                .mapTo(String.class)
                .list();
        if (stack.isEmpty()) {
            return false;
        }
        settle(handle, Kind.IMAGE, Stream.of(image));
        release(handle, Kind.LAYER, ids(stack.getFirst()));
        for (String table : List.of("image_config where image", "image where uuid")) {
            handle.createUpdate("delete from " + table + " = :image")
                    .bind("image", image)
                    .execute();
        }
        return true;
    }

    @Override
    public Map<LayerId, Long> releasedLayers() {
        return database.read(handle -> {
            Map<LayerId, Long> layers = new HashMap<>();
            handle.createQuery("select id, version from released where kind = 'layer'")
                    .map((row, context) -> Map.entry(LayerId.parse(row.getString(1)), row.getLong(2)))
                    .forEach(layer -> layers.put(layer.getKey(), layer.getValue()));
            return layers;
        });
    }

    @Override
    public Set<LayerId> layersOf(Collection<UUID> images) {
        return database.read(handle -> {
            Set<LayerId> layers = new HashSet<>();
            for (UUID image : images) {
                handle.createQuery("select layers from image where uuid = :uuid")
                        .bind("uuid", image.toString())
                        .mapTo(String.class)
                        .findOne()
                        .ifPresent(stack -> ids(stack).map(LayerId::parse).forEach(layers::add));
            }
            return layers;
        });
    }

    @Override
    public Set<LayerId> namedLayers(Set<LayerId> layers, Set<UUID> without) {
        Set<String> wanted = layers.stream().map(LayerId::toString).collect(Collectors.toSet());
        Set<String> others = without.stream().map(UUID::toString).collect(Collectors.toSet());
        Set<LayerId> named = new HashSet<>();
        if (wanted.isEmpty()) {
            return named;
        }
        return database.read(handle -> {
            handle.createQuery("select uuid, layers from image")
                    .map((row, context) -> others.contains(row.getString(1)) ? "" : row.getString(2))
                    .forEach(stack -> ids(stack)
                            .filter(wanted::contains)
                            .map(LayerId::parse)
                            .forEach(named::add));
            return named;
        });
    }

    /** The layers of a stack as its column has them. */
    static Stream<String> ids(String stack) {
        return Arrays.stream(stack.split(" ")).filter(id -> !id.isEmpty());
    }

    @Override
    public void forgetChains(Collection<LayerId> layers) {
        if (layers.isEmpty()) {
            return;
        }
        database.remove(handle -> {
            for (LayerId layer : layers) {
                handle.createUpdate("delete from chain_owner where chain_id in"
                                + " (select chain_id from chain where layer = :layer)")
                        .bind("layer", layer.toString())
                        .execute();
                handle.createUpdate("delete from chain where layer = :layer")
                        .bind("layer", layer.toString())
                        .execute();
            }
            return true;
        });
    }

    @Override
    public void keepLayers(Map<LayerId, Long> layers) {
        if (layers.isEmpty()) {
            return;
        }
        database.remove(handle -> {
            layers.forEach((layer, version) -> handle.createUpdate(
                            "delete from released where kind = 'layer' and id = :layer and version = :version")
                    .bind("layer", layer.toString())
                    .bind("version", version)
                    .execute());
            return true;
        });
    }

    @Override
    public void removedLayers(Collection<LayerId> layers) {
        if (layers.isEmpty()) {
            return;
        }
        database.remove(handle -> {
            settle(handle, Kind.LAYER, layers.stream().map(LayerId::toString));
            for (LayerId layer : layers) {
                handle.createUpdate("delete from damaged_layer where layer = :layer")
                        .bind("layer", layer.toString())
                        .execute();
            }
            return true;
        });
    }

    @Override
    public void giveBackSpace() {
        database.takeHeadroom();
        database.giveBack();
    }

    @Override
    public Set<Digest> unneededFiles() {
        return database.read(handle -> handle.createQuery("select r.id from released r left join file f"
                        + " on f.digest = r.id where r.kind = 'file' and not exists"
                        + " (select 1 from project_file p where p.file = f.uuid)")
                .map((row, context) -> new Digest(row.getString(1)))
                .set());
    }

    @Override
    public Set<Digest> forgetFiles(Collection<Digest> files) {
        return database.remove(handle -> {
            Set<Digest> forgotten = new HashSet<>();
            for (Digest file : files) {
                handle.createUpdate("delete from file where digest = :digest and not exists"
                                + " (select 1 from project_file p where p.file = file.uuid) and exists"
                                + " (select 1 from released r where r.kind = 'file' and r.id = file.digest)")
                        .bind("digest", file.hex())
                        .execute();
                boolean gone = handle.createQuery("select 1 from file where digest = :digest")
                        .bind("digest", file.hex())
                        .mapTo(Integer.class)
                        .findOne()
                        .isEmpty();
                if (gone) {
                    forgotten.add(file);
                } else {
                    settle(handle, Kind.FILE, Stream.of(file.hex()));
                }
            }
            return forgotten;
        });
    }

    @Override
    public void removedFiles(Collection<Digest> files) {
        if (files.isEmpty()) {
            return;
        }
        database.remove(handle -> {
            settle(handle, Kind.FILE, files.stream().map(Digest::hex));
            return true;
        });
    }
}
