package io.contree.server.http.routes;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.engine.Action;
import io.contree.engine.Images;
import io.contree.linux.RawPath;
import io.contree.server.http.exchange.Exchange;
import io.contree.server.http.exchange.Router;
import io.contree.server.work.FileWork;
import io.contree.store.ImageView;
import io.contree.store.ImageView.Entry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.UUID;

/** {@code /inspect}: looking into images. Nothing is started for it. */
public final class InspectRoutes {
    /** Bytes of a file that are read at a time. */
    private static final int PART = 256 << 10;

    /** Bytes of an archive that are sent at a time. */
    private static final int BUFFER = 64 << 10;

    private final Images images;
    private final FileWork work;

    public InspectRoutes(Images images, FileWork work) {
        this.images = images;
        this.work = work;
    }

    public void register(Router router) {
        router.open("/inspect", InspectRoutes::addSlash);
        router.get("/inspect/", Action.LOOK, this::byTag);
        router.open("/inspect/{uuid}", InspectRoutes::addSlash);
        router.get("/inspect/{uuid}/", Action.LOOK, this::image);
        router.get("/inspect/{uuid}/list", Action.LOOK, this::list);
        router.get("/inspect/{uuid}/download", Action.LOOK, this::download);
        router.head("/inspect/{uuid}/download", Action.LOOK, this::checkDownload);
        router.get("/inspect/{uuid}/archive", Action.LOOK, this::archive);
        router.head("/inspect/{uuid}/archive", Action.LOOK, this::checkArchive);
    }

    /** To a relative address, which cannot name another host: a gateway may have taken a prefix off the path. */
    private static void addSlash(Exchange exchange) {
        String query = exchange.rawQuery();
        String path = exchange.rawPath();
        String last = path.substring(path.lastIndexOf('/') + 1);
        exchange.redirect(307, "./" + last + "/" + (query.isEmpty() ? "" : "?" + query));
    }

    private void byTag(Exchange exchange) {
        String tag = exchange.query()
                .nonEmpty("tag")
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.INVALID_ARGUMENT, "parameter 'tag' is missing; give the tag to look for"));
        exchange.redirect(302, images.byTag(exchange.caller(), tag).uuid() + "/");
    }

    private void image(Exchange exchange) throws IOException {
        exchange.json(200, images.get(exchange.caller(), exchange.uuid("uuid")));
    }

    private ImageView view(Exchange exchange) {
        return images.view(exchange.caller(), exchange.uuid("uuid"));
    }

    private void list(Exchange exchange) throws IOException, InterruptedException {
        DirectoryQuery query = DirectoryQuery.of(exchange.query());
        UUID project = exchange.caller().project();
        try (DirectoryListing listing = work.begin(project, () -> DirectoryListing.open(view(exchange), query))) {
            exchange.hold(listing.weight());
            exchange.pieces(listing.contentType(), () -> work.goOn(project, listing::next));
        }
    }

    private void download(Exchange exchange) throws IOException, InterruptedException {
        RawPath path = path(exchange);
        UUID project = exchange.caller().project();
        String type = exchange.query().unlessZero("text") ? "text/plain; charset=utf-8" : "application/octet-stream";
        try (ImageView view = work.begin(project, () -> view(exchange))) {
            ImageView.OpenFile file = work.goOn(project, () -> view.open(path));
            try (InputStream in = file.bytes()) {
                exchange.stream(type, file.size(), out -> copy(project, in, file.size(), out));
            }
        }
    }

    private void copy(UUID project, InputStream in, long size, OutputStream out)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[(int) Math.min(PART, size)];
        long left = size;
        while (left > 0) {
            int read = work.goOn(project, () -> in.readNBytes(buffer, 0, buffer.length));
            if (read == 0) {
                return;
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    private void checkDownload(Exchange exchange) throws IOException, InterruptedException {
        RawPath path = path(exchange);
        long size = work.begin(exchange.caller().project(), () -> {
            try (ImageView view = view(exchange)) {
                ImageView.OpenFile file = view.open(path);
                file.bytes().close();
                return file.size();
            }
        });
        exchange.head(size);
    }

    private void archive(Exchange exchange) throws IOException, InterruptedException {
        RawPath path = path(exchange);
        work.stream(exchange.caller().project(), waits -> {
            try (ImageView view = view(exchange)) {
                requireArchivable(view, path);
                exchange.header("Content-Disposition", "attachment; filename=\"" + ImagePath.archiveName(path) + "\"");
                exchange.stream("application/x-tar", waits, out -> {
                    OutputStream buffered = new BufferedOutputStream(out, BUFFER);
                    view.archive(path, buffered);
                    buffered.flush();
                });
            }
        });
    }

    private void checkArchive(Exchange exchange) throws IOException, InterruptedException {
        RawPath path = path(exchange);
        work.begin(exchange.caller().project(), () -> {
            try (ImageView view = view(exchange)) {
                requireArchivable(view, path);
                return true;
            }
        });
        exchange.empty(200);
    }

    private static void requireArchivable(ImageView view, RawPath path) {
        Entry entry = view.stat(path, true)
                .orElseThrow(() ->
                        new ContreeException(ErrorCode.NOT_FOUND, "the image has nothing at " + ImagePath.shown(path)));
        if (!FileType.DIRECTORY.is(entry.mode()) && !FileType.REGULAR.is(entry.mode())) {
            throw new ContreeException(
                    ErrorCode.WRONG_TYPE,
                    ImagePath.shown(path) + " is neither a regular file nor a directory, so it cannot be archived");
        }
    }

    private static RawPath path(Exchange exchange) {
        return ImagePath.of(exchange.query()
                .raw("path")
                .filter(path -> !path.isEmpty())
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.INVALID_ARGUMENT, "parameter 'path' is missing; give a path inside the image")));
    }
}
