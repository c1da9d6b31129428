package io.contree.server.http;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.engine.Caller.Permission;
import io.contree.engine.Images;
import io.contree.linux.RawPath;
import io.contree.store.ImageView;
import io.contree.store.ImageView.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /inspect}: looking into images. Nothing is started for it. */
final class InspectRoutes {
    /**
     * The answer of a directory's list.
     *
     * @param path the one that was asked for
     * @param self the directory, on request
     */
    record Listing(String path, @Nullable FileItem self, List<FileItem> files) {}

    /** About what an entry of a directory takes in memory, read and as it is answered. */
    private static final long BYTES_PER_ENTRY = 512;

    private final Images images;

    InspectRoutes(Images images) {
        this.images = images;
    }

    void register(Router router) {
        router.open("/inspect", InspectRoutes::addSlash);
        router.get("/inspect/", this::byTag);
        router.open("/inspect/{uuid}", InspectRoutes::addSlash);
        router.get("/inspect/{uuid}/", this::image);
        router.get("/inspect/{uuid}/list", this::list);
        router.get("/inspect/{uuid}/download", this::download);
        router.head("/inspect/{uuid}/download", this::checkDownload);
        router.get("/inspect/{uuid}/archive", this::archive);
        router.head("/inspect/{uuid}/archive", this::checkArchive);
    }

    /** To a relative address: a gateway may have taken a prefix off the path, and none names another host. */
    private static void addSlash(Exchange exchange) {
        String query = exchange.rawQuery();
        String path = exchange.rawPath();
        String last = path.substring(path.lastIndexOf('/') + 1);
        exchange.redirect(307, "./" + last + "/" + (query.isEmpty() ? "" : "?" + query));
    }

    private void byTag(Exchange exchange) {
        exchange.requireAny(Permission.LIST);
        String tag = exchange.query()
                .nonEmpty("tag")
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.INVALID_ARGUMENT, "parameter 'tag' is missing; give the tag to look for"));
        exchange.redirect(302, images.byTag(exchange.caller(), tag).uuid() + "/");
    }

    private void image(Exchange exchange) throws IOException {
        exchange.requireAny(Permission.LIST);
        exchange.json(200, images.get(exchange.caller(), exchange.uuid("uuid")));
    }

    private ImageView view(Exchange exchange) {
        exchange.requireAny(Permission.LIST);
        return images.view(exchange.caller(), exchange.uuid("uuid"));
    }

    private void list(Exchange exchange) throws IOException {
        String asked = exchange.query().raw("path").orElse("/");
        try (ImageView view = view(exchange)) {
            List<Entry> entries = view.list(ImagePath.of(asked));
            exchange.hold(BYTES_PER_ENTRY * entries.size());
            ImageView.Names names = view.names();
            if (exchange.query().unlessZero("text")) {
                exchange.text(TextListing.of(entries, names));
                return;
            }
            boolean detailed = exchange.query().flag("details");
            List<FileItem> files = entries.stream()
                    .map(entry -> FileItem.of(entry, names, detailed))
                    .toList();
            exchange.json(200, new Listing(RawPath.toText(asked), detailed ? self(view, asked) : null, files));
        }
    }

    private static @Nullable FileItem self(ImageView view, String asked) {
        return view.stat(ImagePath.of(asked), true)
                .map(entry -> FileItem.of(entry.named("."), view.names(), true))
                .orElse(null);
    }

    private void download(Exchange exchange) throws IOException, InterruptedException {
        try (ImageView view = view(exchange)) {
            ImageView.OpenFile file = view.open(path(exchange));
            String type =
                    exchange.query().unlessZero("text") ? "text/plain; charset=utf-8" : "application/octet-stream";
            try (InputStream in = file.bytes()) {
                exchange.stream(type, file.size(), in::transferTo);
            }
        }
    }

    private void checkDownload(Exchange exchange) throws IOException {
        try (ImageView view = view(exchange)) {
            ImageView.OpenFile file = view.open(path(exchange));
            file.bytes().close();
            exchange.head(file.size());
        }
    }

    private void archive(Exchange exchange) throws IOException, InterruptedException {
        String path = path(exchange);
        try (ImageView view = view(exchange)) {
            requireArchivable(view, path);
            exchange.header("Content-Disposition", "attachment; filename=\"" + ImagePath.archiveName(path) + "\"");
            exchange.stream("application/x-tar", out -> view.archive(path, out));
        }
    }

    private void checkArchive(Exchange exchange) {
        try (ImageView view = view(exchange)) {
            requireArchivable(view, path(exchange));
        }
        exchange.empty(200);
    }

    private static void requireArchivable(ImageView view, String path) {
        Entry entry = view.stat(path, true)
                .orElseThrow(() ->
                        new ContreeException(ErrorCode.NOT_FOUND, "the image has nothing at " + ImagePath.shown(path)));
        if (!FileType.DIRECTORY.is(entry.mode()) && !FileType.REGULAR.is(entry.mode())) {
            throw new ContreeException(
                    ErrorCode.WRONG_TYPE,
                    ImagePath.shown(path) + " is neither a regular file nor a directory, so it makes no archive");
        }
    }

    private static String path(Exchange exchange) {
        return ImagePath.of(exchange.query()
                .raw("path")
                .filter(path -> !path.isEmpty())
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.INVALID_ARGUMENT, "parameter 'path' is missing; give a path inside of the image")));
    }
}
