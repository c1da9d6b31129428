package io.contree.sdk.nio;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** What a directory holds, each with the attributes that its listing had. */
final class ImageDirectoryStream implements DirectoryStream<Path> {
    private final ImagePath path;
    private final DirectoryStream.Filter<? super Path> filter;
    private @Nullable Iterator<Entry> entries;
    private volatile boolean open = true;

    ImageDirectoryStream(ImagePath path, Directory directory, DirectoryStream.Filter<? super Path> filter) {
        this.path = path;
        this.filter = filter;
        this.entries = directory.entries().iterator();
    }

    @Override
    public synchronized Iterator<Path> iterator() {
        Iterator<Entry> once = entries;
        if (!open || once == null) {
            throw new IllegalStateException(
                    open ? "a directory stream is read once" : "the directory stream is closed");
        }
        entries = null;
        return new Accepted(once);
    }

    @Override
    public void close() {
        open = false;
        path.getFileSystem().forget(this);
    }

    private final class Accepted implements Iterator<Path> {
        private final Iterator<Entry> all;
        private @Nullable Path next;

        Accepted(Iterator<Entry> all) {
            this.all = all;
        }

        @Override
        public synchronized boolean hasNext() {
            while (next == null && open && all.hasNext()) {
                ImagePath candidate = path.child(all.next());
                if (accepts(candidate)) {
                    next = candidate;
                }
            }
            return next != null;
        }

        @Override
        public synchronized Path next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException("no more entries in " + path);
            }
            Path taken = next;
            next = null;
            return taken;
        }

        private boolean accepts(Path candidate) {
            try {
                return filter.accept(candidate);
            } catch (IOException e) {
                throw new DirectoryIteratorException(e);
            }
        }
    }
}
