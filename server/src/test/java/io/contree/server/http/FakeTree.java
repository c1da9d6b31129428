package io.contree.server.http;

import io.contree.linux.RawPath;
import io.contree.server.http.routes.FileType;
import io.contree.store.ImageView;
import io.contree.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** A tree of entries by absolute raw path, with bytes for the files. Links are listed and never followed. */
final class FakeTree {
    private final TreeMap<String, ImageView.Entry> entries = new TreeMap<>();
    private final Map<String, byte[]> bytes = new TreeMap<>();
    private final Map<String, Long> zeros = new TreeMap<>();

    /** Runs before the names of a directory are read. */
    volatile Runnable beforeNames = () -> {};

    void directory(String path) {
        add(path, 0040755, 0, "");
    }

    void file(String path, byte[] content) {
        add(path, 0100644, content.length, "");
        bytes.put(path, content);
    }

    /** A file of this many zero bytes, made while it is read. */
    void zeros(String path, long size) {
        add(path, 0100644, size, "");
        zeros.put(path, size);
    }

    void add(String path, int mode, long size, String target) {
        add(path, mode, size, 1_700_000_000_500_000_000L, target);
    }

    private void add(String path, int mode, long size, long mtimeNanos, String target) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        entries.put(path, new ImageView.Entry(name, mode, 0, 33, size, 1, mtimeNanos, new RawPath(target), 0, 0, 0));
    }

    /** Gives a file another time. */
    void touch(String path, long mtimeNanos) {
        add(path, 0100644, 0, mtimeNanos, "");
    }

    ImageView view(Runnable onClose) {
        return new View(onClose);
    }

    private final class View implements ImageView {
        private final Runnable onClose;

        View(Runnable onClose) {
            this.onClose = onClose;
        }

        @Override
        public Optional<Entry> stat(RawPath path, boolean follow) {
            return Optional.ofNullable(entries.get(path.raw()));
        }

        private Entry require(String path, FileType type) {
            Entry entry = entries.get(path);
            if (entry == null) {
                throw new StoreException(StoreException.Kind.NOT_FOUND, "there is nothing at " + path);
            }
            if (!type.is(entry.mode())) {
                throw new StoreException(StoreException.Kind.WRONG_TYPE, path + " is of another type");
            }
            return entry;
        }

        @Override
        public Directory directory(RawPath path) {
            require(path.raw(), FileType.DIRECTORY);
            String prefix = path.raw().equals("/") ? "/" : path.raw() + "/";
            return new Directory() {
                @Override
                public List<String> names(String after, int limit) {
                    beforeNames.run();
                    return entries.keySet().stream()
                            .filter(name -> name.startsWith(prefix)
                                    && name.length() > prefix.length()
                                    && name.indexOf('/', prefix.length()) < 0)
                            .map(name -> name.substring(prefix.length()))
                            .filter(name -> name.compareTo(after) > 0)
                            .limit(limit)
                            .toList();
                }

                @Override
                public List<Entry> entries(List<String> names) {
                    return names.stream().map(name -> require(prefix + name)).toList();
                }

                @Override
                public void close() {}
            };
        }

        private Entry require(String path) {
            return Objects.requireNonNull(entries.get(path), path);
        }

        @Override
        public OpenFile open(RawPath file) {
            String path = file.raw();
            Entry entry = require(path, FileType.REGULAR);
            InputStream in = zeros.containsKey(path)
                    ? new Zeros(entry.size())
                    : new ByteArrayInputStream(bytes.getOrDefault(path, new byte[0]));
            return new OpenFile(entry.size(), in);
        }

        @Override
        public void archive(RawPath file, OutputStream out) throws IOException {
            String path = file.raw();
            if (path.equals("/unreadable")) {
                throw new StoreException(StoreException.Kind.IO, "the disk failed");
            }
            while (path.equals("/endless")) {
                out.write(new byte[64 << 10]); // until the client is gone
            }
            out.write(("tar of " + path).getBytes(StandardCharsets.UTF_8));
            if (path.equals("/broken")) {
                out.flush();
                throw new StoreException(StoreException.Kind.IO, "the disk failed");
            }
        }

        @Override
        public Names names() {
            return new Names() {
                @Override
                public Optional<String> user(int uid) {
                    return uid == 0 ? Optional.of("root") : Optional.empty();
                }

                @Override
                public Optional<String> group(int gid) {
                    return Optional.empty();
                }
            };
        }

        @Override
        public void close() {
            onClose.run();
        }
    }

    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long left) {
            this.left = left;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(length, left);
            left -= count;
            return count;
        }
    }
}
