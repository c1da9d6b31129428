package io.contree.catalog;

import io.contree.store.DamageCatalog;
import io.contree.store.Digest;
import io.contree.store.LayerId;
import io.contree.store.StoreConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Records of what was found damaged. */
final class SqlDamage implements DamageCatalog {
    private final Database database;

    SqlDamage(Database database) {
        this.database = database;
    }

    @Override
    public Map<LayerId, String> layers() {
        return database.read(handle -> {
            Map<LayerId, String> found = new HashMap<>();
            handle.createQuery("select layer, what from damaged_layer")
                    .map((row, context) -> Map.entry(LayerId.parse(row.getString("layer")), row.getString("what")))
                    .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
            return found;
        });
    }

    @Override
    public void record(LayerId layer, String what, Instant at) {
        database.write(handle -> handle.createUpdate(
                        "insert into damaged_layer (layer, what, found_at) values (:layer, :what, :at)"
                                + " on conflict do nothing")
                .bind("layer", layer.toString())
                .bind("what", what)
                .bind("at", Columns.micros(at))
                .execute());
    }

    @Override
    public void clear(LayerId layer) {
        database.write(handle -> handle.createUpdate("delete from damaged_layer where layer = :layer")
                .bind("layer", layer.toString())
                .execute());
    }

    /** Takes a chain from its layer if that is damaged. */
    static void releaseChain(Handle handle, Digest chainId) {
        String damaged = " from chain where chain_id = :chain and layer in (select layer from damaged_layer)";
        List<String> layers = handle.createQuery("select layer" + damaged)
                .bind("chain", chainId.hex())
                .mapTo(String.class)
                .list();
        handle.createUpdate("delete" + damaged).bind("chain", chainId.hex()).execute();
        SqlReleased.release(handle, SqlReleased.Kind.LAYER, layers.stream());
    }

    @Override
    public int restackAll(List<LayerId> from, List<LayerId> to) {
        if (from.isEmpty()) {
            return 0; // which would be all images
        }
        String prefix = SqlImages.text(from);
        return database.write(handle -> {
            Map<String, String> stacks = new HashMap<>();
            handle.createQuery("select uuid, layers from image where layers = :prefix"
                            + " or substr(layers, 1, length(:prefix) + 1) = :prefix || ' '")
                    .bind("prefix", prefix)
                    .map((row, context) -> Map.entry(row.getString("uuid"), row.getString("layers")))
                    .forEach(entry -> stacks.put(entry.getKey(), entry.getValue()));
            int count = 0;
            for (Map.Entry<String, String> stack : stacks.entrySet()) {
                List<LayerId> restacked = new ArrayList<>(to);
                restacked.addAll(SqlImages.layers(
                        stack.getValue().substring(prefix.length()).strip()));
                if (restacked.size() <= StoreConfig.MOST_STACK_LAYERS) {
                    count += handle.createUpdate("update image set layers = :layers where uuid = :uuid")
                            .bind("uuid", stack.getKey())
                            .bind("layers", SqlImages.text(restacked))
                            .execute();
                }
            }
            SqlReleased.release(
                    handle,
                    SqlReleased.Kind.LAYER,
                    from.stream().filter(layer -> !to.contains(layer)).map(LayerId::toString));
            return count;
        });
    }

    @Override
    public void forgetFile(Digest digest) {
        database.write(handle -> handle.createUpdate("delete from project_file where digest = :digest")
                        .bind("digest", digest.hex())
                        .execute()
                + handle.createUpdate("delete from file where digest = :digest")
                        .bind("digest", digest.hex())
                        .execute());
    }
}
