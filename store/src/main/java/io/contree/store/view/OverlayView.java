package io.contree.store.view;

import io.contree.linux.Errno;
import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.RawPath;
import io.contree.linux.Stat;
import io.contree.store.Image;
import io.contree.store.ImageView;
import io.contree.store.IoFailure;
import io.contree.store.StoreException;
import io.contree.store.archive.PaxWriter;
import io.contree.store.archive.ViewArchive;
import io.contree.store.stream.FdInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** A view on a shared read-only mount. */
public final class OverlayView implements ImageView {
    private final Image image;
    private final ViewMounts mounts;
    private final ViewFiles files;
    private boolean open = true;

    private OverlayView(Image image, ViewMounts mounts, ViewFiles files) {
        this.image = image;
        this.mounts = mounts;
        this.files = files;
    }

    public static OverlayView of(Image image, ViewMounts mounts) {
        try {
            ViewMounts.ViewMount mount = mounts.use(image.layers());
            try {
                return new OverlayView(image, mounts, new ViewFiles(mount.root()));
            } catch (IOException e) {
                mounts.release(image.layers());
                throw e;
            }
        } catch (IOException e) {
            throw IoFailure.of("look into image " + image.uuid(), e);
        }
    }

    @Override
    public Optional<Entry> stat(RawPath path, boolean follow) {
        try (Fd file = files.path(path, follow)) {
            return Optional.of(entry(file, path.name()));
        } catch (LinuxException e) {
            StoreException failure = failure(path, e);
            if (failure.kind() == StoreException.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    @Override
    public Directory directory(RawPath path) {
        try (Fd found = files.path(path, true)) {
            ViewFiles.requireType(found, path, Stat.DIRECTORY);
            return new ViewDirectory(files.reopen(found, FileCalls.DIRECTORY), path);
        } catch (LinuxException e) {
            throw failure(path, e);
        }
    }

    @Override
    public OpenFile open(RawPath path) {
        try (Fd found = files.path(path, true)) {
            // Checked before it is opened for reading: a device in an image must never be opened.
            ViewFiles.requireType(found, path, Stat.REGULAR);
            Fd file = reopen(found, path);
            long size = FileCalls.stat(file, "").size();
            return new OpenFile(size, new FdInputStream(file, size));
        } catch (LinuxException e) {
            throw failure(path, e);
        }
    }

    /** It is there: if it cannot be opened all the same, what the image needs of it is not. */
    private Fd reopen(Fd found, RawPath path) throws LinuxException {
        try {
            return files.reopen(found, 0);
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ESTALE || e.errno() == Errno.ENODATA) {
                throw damaged(path, e);
            }
            throw e;
        }
    }

    private StoreException failure(RawPath path, LinuxException e) {
        return e.errno() == Errno.EIO || e.errno() == Errno.EUCLEAN ? damaged(path, e) : ViewFiles.failure(path, e);
    }

    private StoreException damaged(RawPath path, LinuxException e) {
        return new StoreException(
                StoreException.Kind.DAMAGED,
                "\"" + path + "\" of image " + image.uuid() + " cannot be read (" + IoFailure.reason(e)
                        + "), so the image is damaged on the server's disk; there, \"contree fsck\" tells more",
                e);
    }

    @Override
    public void archive(RawPath path, OutputStream out) throws IOException {
        try (Fd found = files.path(path, true)) {
            new ViewArchive(new PaxWriter(out)).write(found, path);
        } catch (LinuxException e) {
            throw failure(path, e);
        }
    }

    @Override
    public Names names() {
        return ImageNames.of(this);
    }

    private static Entry entry(Fd file, String name) throws LinuxException {
        Stat stat = FileCalls.stat(file, "");
        return ViewDirectory.entry(name, stat, stat.isSymlink() ? FileCalls.readLink(file, "") : RawPath.EMPTY);
    }

    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            files.close();
            mounts.release(image.layers());
        }
    }
}
