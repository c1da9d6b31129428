package io.contree.catalog;

import io.contree.store.DamageCatalog;
import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.ImageCatalog;
import io.contree.store.LayerId;
import io.contree.store.LtHash;
import io.contree.store.StoreException;
import io.contree.store.StoredFile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Records of images, chains and files. */
final class SqlImages extends SqlReleased implements ImageCatalog {
    SqlImages(Database database) {
        super(database);
    }

    @Override
    public Optional<Image> image(UUID uuid) {
        return database.read(handle -> image(handle, uuid));
    }

    private static Optional<Image> image(Handle handle, UUID uuid) {
        return handle.createQuery("select * from image where uuid = :uuid")
                .bind("uuid", uuid.toString())
                .map((row, context) -> image(row))
                .findOne();
    }

    private static Image image(ResultSet row) throws SQLException {
        return new Image(
                Columns.uuid(row, "uuid"),
                new Digest(row.getString("key_digest")),
                LtHash.of(row.getBytes("state")),
                LtHash.of(row.getBytes("content")),
                layers(row.getString("layers")),
                EnvText.parse(row.getString("env")),
                row.getString("cwd"),
                Columns.instant(row, "created_at"));
    }

    static List<LayerId> layers(String text) {
        return ids(text).map(LayerId::parse).toList();
    }

    @Override
    public Image record(Image image) {
        // Whoever tells of the image writes that down first, and with it this.
        return database.writeWithNext(handle -> {
            Optional<Image> known = image(handle, image.uuid());
            if (known.isPresent()) {
                return sameKey(known.get(), image);
            }
            handle.createUpdate("insert into image (uuid, key_digest, state, content, layers, env, cwd, created_at)"
                            + " values (:uuid, :key, :state, :content, :layers, :env, :cwd, :createdAt)")
                    .bind("uuid", image.uuid().toString())
                    .bind("key", image.key().hex())
                    .bind("state", image.state().bytes())
                    .bind("content", image.content().bytes())
                    .bind("layers", text(image.layers()))
                    .bind("env", EnvText.of(image.env()))
                    .bind("cwd", image.cwd())
                    .bind("createdAt", Columns.micros(image.createdAt()))
                    .execute();
            return image;
        });
    }

    static String text(List<LayerId> layers) {
        return layers.stream().map(LayerId::toString).collect(Collectors.joining(" "));
    }

    @Override
    public boolean restack(UUID image, List<LayerId> from, List<LayerId> to) {
        return database.write(handle -> {
            boolean known = handle.createUpdate("update image set layers = :to where uuid = :uuid and layers = :from")
                            .bind("uuid", image.toString())
                            .bind("from", text(from))
                            .bind("to", text(to))
                            .execute()
                    == 1;
            if (known) {
                release(
                        handle,
                        Kind.LAYER,
                        from.stream().filter(layer -> !to.contains(layer)).map(LayerId::toString));
            }
            return known;
        });
    }

    private static Image sameKey(Image known, Image image) {
        if (!known.key().equals(image.key())) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT,
                    "cannot record image " + image.uuid() + " with key " + image.key() + ": it is known with key "
                            + known.key());
        }
        return known;
    }

    @Override
    public void recordConfig(UUID image, byte[] config) {
        database.write(handle -> handle.createUpdate("insert into image_config (image, config) values (:image, :config)"
                        + " on conflict (image) do update set config = excluded.config")
                .bind("image", image.toString())
                .bind("config", config)
                .execute());
    }

    @Override
    public Optional<byte[]> config(UUID image) {
        return database.read(handle -> handle.createQuery("select config from image_config where image = :image")
                .bind("image", image.toString())
                .map((row, context) -> row.getBytes(1))
                .findOne());
    }

    @Override
    public Optional<LayerId> layerOfChain(UUID owner, Digest chainId) {
        return database.read(handle -> handle.createQuery("select c.layer from chain c join chain_owner o"
                        + " on o.chain_id = c.chain_id where c.chain_id = :chain and o.owner = :owner"
                        + " and c.layer not in (select layer from damaged_layer)")
                .bind("chain", chainId.hex())
                .bind("owner", owner.toString())
                .map((row, context) -> LayerId.parse(row.getString(1)))
                .findOne());
    }

    private static Optional<LayerId> layerOfChain(Handle handle, Digest chainId) {
        return handle.createQuery("select layer from chain where chain_id = :chain")
                .bind("chain", chainId.hex())
                .map((row, context) -> LayerId.parse(row.getString(1)))
                .findOne();
    }

    @Override
    public LayerId recordChain(UUID owner, Digest chainId, LayerId layer) {
        return database.write(handle -> {
            SqlDamage.releaseChain(handle, chainId);
            handle.createUpdate("insert into chain (chain_id, layer) values (:chain, :layer) on conflict do nothing")
                    .bind("chain", chainId.hex())
                    .bind("layer", layer.toString())
                    .execute();
            handle.createUpdate(
                            "insert into chain_owner (owner, chain_id) values (:owner, :chain) on conflict do nothing")
                    .bind("owner", owner.toString())
                    .bind("chain", chainId.hex())
                    .execute();
            return layerOfChain(handle, chainId).orElseThrow();
        });
    }

    @Override
    public Set<LayerId> layers() {
        return database.read(SqlImages::layers);
    }

    /** Those that anything names. */
    static Set<LayerId> layers(Handle handle) {
        Set<LayerId> layers = new HashSet<>();
        handle.createQuery("select layers from image union all select layer from chain")
                .map((row, context) -> layers(row.getString(1)))
                .forEach(layers::addAll);
        return layers;
    }

    @Override
    public void forEachStack(Consumer<List<LayerId>> visitor) {
        database.read(handle -> {
            handle.createQuery("select layers from image")
                    .map((row, context) -> layers(row.getString(1)))
                    .forEach(visitor);
            return true;
        });
    }

    @Override
    public StoredFile recordFile(StoredFile file) {
        return database.write(handle -> {
            handle.createUpdate("insert into file (uuid, digest, size, created_at)"
                            + " values (:uuid, :digest, :size, :createdAt) on conflict do nothing")
                    .bind("uuid", file.uuid().toString())
                    .bind("digest", file.digest().hex())
                    .bind("size", file.size())
                    .bind("createdAt", Columns.micros(file.createdAt()))
                    .execute();
            settle(handle, Kind.FILE, Stream.of(file.digest().hex()));
            return file(handle, "digest", file.digest().hex())
                    .orElseThrow(() -> new StoreException(
                            StoreException.Kind.CORRUPT,
                            "cannot record file " + file.digest() + ": its UUID " + file.uuid()
                                    + " is known for other bytes"));
        });
    }

    @Override
    public Optional<StoredFile> file(Digest digest) {
        return database.read(handle -> file(handle, "digest", digest.hex()));
    }

    @Override
    public Optional<StoredFile> file(UUID uuid) {
        return database.read(handle -> file(handle, "uuid", uuid.toString()));
    }

    private static Optional<StoredFile> file(Handle handle, String column, String value) {
        return handle.createQuery("select * from file where " + column + " = :value")
                .bind("value", value)
                .map((row, context) -> storedFile(row))
                .findOne();
    }

    static StoredFile storedFile(ResultSet row) throws SQLException {
        return new StoredFile(
                Columns.uuid(row, "uuid"),
                new Digest(row.getString("digest")),
                row.getLong("size"),
                Columns.instant(row, "created_at"));
    }

    @Override
    public List<Digest> files() {
        return database.read(SqlImages::files);
    }

    static List<Digest> files(Handle handle) {
        return handle.createQuery("select digest from file")
                .map((row, context) -> new Digest(row.getString(1)))
                .list();
    }

    @Override
    public DamageCatalog damage() {
        return new SqlDamage(database);
    }
}
