package io.contree.engine;

import io.contree.linux.DiskSpace;
import io.contree.linux.UserNamespace;
import io.contree.store.Checkout;
import io.contree.store.Collected;
import io.contree.store.Commit;
import io.contree.store.Digest;
import io.contree.store.DiskUse;
import io.contree.store.FileStore;
import io.contree.store.Image;
import io.contree.store.ImageDiff;
import io.contree.store.ImageView;
import io.contree.store.ImagesUse;
import io.contree.store.Importer;
import io.contree.store.LayerId;
import io.contree.store.LtHash;
import io.contree.store.PlacedFile;
import io.contree.store.Store;
import io.contree.store.StoreException;
import io.contree.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A store whose file systems are maps from path to text. Steps can be held up or made to fail. */
public final class FakeStore implements Store {
    /** What happens before a step; may block or throw. */
    public interface Hook {
        void run();
    }

    private final Map<UUID, Image> images = new ConcurrentHashMap<>();
    private final Map<UUID, SortedMap<String, String>> contents = new ConcurrentHashMap<>();
    private final Map<Digest, StoredFile> files = new ConcurrentHashMap<>();
    private final Map<Digest, String> bytes = new ConcurrentHashMap<>();
    private final Map<Path, SortedMap<String, String>> checkouts = new ConcurrentHashMap<>();
    private final AtomicInteger commits = new AtomicInteger();

    public volatile Hook beforeCheckout = () -> {};
    public volatile Hook beforeCommit = () -> {};
    public volatile Hook afterCommit = () -> {};
    public volatile Hook whenClosed = () -> {};
    public volatile Importer importing =
            (source, progress) -> new Importer.Imported(image(Map.of("/from", source.reference())), 3);

    public volatile DiskSpace space = new DiskSpace(1L << 40, 1L << 40, Long.MAX_VALUE, 0, true);
    /** What is found once the disk has settled. */
    public volatile Optional<DiskSpace> settled = Optional.empty();

    /** What every checkout is found to take at least. */
    public volatile long written;

    /** How many files every checkout is found to have at least. */
    public volatile long writtenFiles;

    /** The limits that checkouts were given. */
    public final List<DiskUse> limitedTo = new CopyOnWriteArrayList<>();

    /** Whether the disk keeps the limits of checkouts. */
    public volatile boolean metering;

    /** The image of a content, made when new. */
    public Image image(Map<String, String> content) {
        return record(new TreeMap<>(content), new TreeMap<>(), "");
    }

    public Image image(Map<String, String> content, Map<String, String> env, String cwd) {
        return record(new TreeMap<>(content), new TreeMap<>(env), cwd);
    }

    public SortedMap<String, String> content(UUID image) {
        return contents.get(image);
    }

    /** The content of a checkout by its root; that is how a sandbox finds it. */
    SortedMap<String, String> at(Path root) {
        return checkouts.get(root);
    }

    public int openCheckouts() {
        return checkouts.size();
    }

    public int commits() {
        return commits.get();
    }

    private Image record(SortedMap<String, String> content, SortedMap<String, String> env, String cwd) {
        byte[] hash = sha256(content + "\n" + env + "\n" + cwd);
        ByteBuffer half = ByteBuffer.wrap(hash);
        UUID uuid = new UUID(half.getLong(), half.getLong());
        byte[] lanes = new byte[LtHash.SIZE];
        System.arraycopy(sha256(content.toString()), 0, lanes, 0, 32);
        contents.putIfAbsent(uuid, content);
        return images.computeIfAbsent(
                uuid,
                it -> new Image(
                        uuid, Digest.of(hash), LtHash.of(lanes), LtHash.of(lanes), List.of(), env, cwd, Samples.THEN));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Image image(UUID uuid) {
        Image image = images.get(uuid);
        if (image == null) {
            throw new StoreException(StoreException.Kind.NOT_FOUND, "There is no image " + uuid);
        }
        return image;
    }

    @Override
    public Checkout checkout(Image image) {
        return checkout(image, Optional.empty());
    }

    @Override
    public Checkout checkout(Image image, Optional<UserNamespace> users) {
        beforeCheckout.run();
        Path root = Path.of("/checkouts", UUID.randomUUID().toString());
        SortedMap<String, String> content = new TreeMap<>(contents.get(image.uuid()));
        checkouts.put(root, content);
        return new FakeCheckout(image, root, content);
    }

    private final class FakeCheckout implements Checkout {
        private final Image image;
        private final Path root;
        private final SortedMap<String, String> content;

        FakeCheckout(Image image, Path root, SortedMap<String, String> content) {
            this.image = image;
            this.root = root;
            this.content = content;
        }

        @Override
        public Image image() {
            return image;
        }

        @Override
        public Path root() {
            return root;
        }

        @Override
        public void place(PlacedFile file, Runnable goOn) {
            goOn.run();
            content.put(file.path().raw(), bytes.get(file.digest()));
        }

        @Override
        public DiskUse use(BooleanSupplier goOn) {
            return goOn.getAsBoolean()
                    ? new DiskUse(Math.max(usedBytes(), written), Math.max(content.size(), writtenFiles))
                    : new DiskUse(0, 0);
        }

        @Override
        public Optional<DiskUse> metered() {
            return metering ? Optional.of(use(() -> true)) : Optional.empty();
        }

        @Override
        public void limitTo(DiskUse most) {
            limitedTo.add(most);
        }

        private long usedBytes() {
            return content.entrySet().stream()
                    .filter(file ->
                            !file.getValue().equals(contents.get(image.uuid()).get(file.getKey())))
                    .mapToLong(file -> file.getValue().length())
                    .sum();
        }

        @Override
        public Commit commit(SortedMap<String, String> env, String cwd, Runnable goOn) {
            beforeCommit.run();
            goOn.run();
            long used = usedBytes();
            Image result = record(content, env, cwd);
            commits.incrementAndGet();
            checkouts.remove(root);
            afterCommit.run();
            return new Commit(result, used, result.equals(image) ? 0 : 1);
        }

        @Override
        public void close() {
            checkouts.remove(root);
            whenClosed.run();
        }
    }

    @Override
    public DiskSpace space() {
        return space;
    }

    @Override
    public DiskSpace settledSpace() {
        settled.ifPresent(found -> space = found);
        return space;
    }

    @Override
    public ImageView view(Image image) {
        throw new UnsupportedOperationException("nothing here looks into an image");
    }

    @Override
    public ImageDiff diff(Image from, Image to, ImageDiff.Query query) {
        return new ImageDiff(List.of(), new ImageDiff.Totals(0, 0, 0, 0), Optional.empty());
    }

    @Override
    public Commit.Changes changes(Image from, Image to, int limit) {
        return new Commit.Changes(List.of(), 0);
    }

    @Override
    public FileStore files() {
        return new FileStore() {
            @Override
            public StoredFile put(InputStream bytes) throws IOException {
                return FakeStore.this.put(bytes);
            }

            @Override
            public FileChannel open(Digest digest) {
                throw new StoreException(StoreException.Kind.NOT_FOUND, "a fake store keeps no bytes of " + digest);
            }

            @Override
            public boolean seemsWhole(Digest digest, long size) {
                return true;
            }
        };
    }

    private StoredFile put(InputStream stream) throws IOException {
        String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        Digest digest = Digest.of(sha256(text));
        bytes.put(digest, text);
        return files.computeIfAbsent(
                digest, it -> new StoredFile(UUID.randomUUID(), digest, text.length(), Samples.THEN));
    }

    @Override
    public Importer importer() {
        return (source, progress) -> importing.importImage(source, progress);
    }

    @Override
    public void close() {}

    @Override
    public Hold hold() {
        return new Hold() {
            @Override
            public void add(UUID image) {}

            @Override
            public void close() {}
        };
    }

    @Override
    public Optional<Collected> collect(boolean everything) {
        return Optional.of(collectable());
    }

    @Override
    public boolean removing(Runnable work) {
        work.run();
        return true;
    }

    @Override
    public Collected collectable() {
        return new Collected(0, 0, 0, new DiskUse(0, 0));
    }

    @Override
    public long layerBytes(LayerId layer) {
        return 0;
    }

    @Override
    public DiskUse use() {
        return new DiskUse(0, 0);
    }

    @Override
    public ImagesUse use(Set<UUID> images) {
        return new ImagesUse(new DiskUse(0, 0), new DiskUse(0, 0));
    }

    @Override
    public Map<UUID, ImagesUse> useOfEach(Collection<UUID> images) {
        return Map.of();
    }
}
