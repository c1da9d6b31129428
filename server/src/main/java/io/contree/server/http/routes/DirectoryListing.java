package io.contree.server.http.routes;

import io.contree.api.Json;
import io.contree.linux.RawPath;
import io.contree.server.http.exchange.Exchange;
import io.contree.store.ImageView;
import io.contree.store.ImageView.Entry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A directory on the wire, made piece by piece: only the names of a long one are held. Its methods look into the image;
 * used by one thread at a time.
 */
final class DirectoryListing implements AutoCloseable, Exchange.Pieces {
    /** Entries per piece: a few milliseconds of work. */
    private static final int PIECE = 1000;

    /** About what a name takes in memory. */
    private static final long BYTES_PER_NAME = 96;

    private final ImageView view;
    private final ImageView.Directory directory;
    private final DirectoryQuery query;
    private final List<String> names;
    private final ImageView.Names owners;
    private final boolean more;
    private final TextListing text = new TextListing();
    private boolean measured;
    private boolean begun;
    private boolean ended;
    private int at;

    /** Takes over the view. */
    static DirectoryListing open(ImageView view, DirectoryQuery query) {
        ImageView.Directory directory = null;
        try {
            directory = view.directory(query.path());
            return new DirectoryListing(view, directory, query);
        } catch (RuntimeException | Error e) {
            if (directory != null) {
                directory.close();
            }
            view.close();
            throw e;
        }
    }

    private DirectoryListing(ImageView view, ImageView.Directory directory, DirectoryQuery query) {
        this.view = view;
        this.directory = directory;
        this.query = query;
        this.owners = view.names();
        this.measured = !query.text();
        List<String> found = query.page()
                .map(page -> directory.names(page.after(), page.limit() + 1))
                .orElseGet(() -> directory.names("", Integer.MAX_VALUE));
        int shown =
                query.page().map(page -> Math.min(page.limit(), found.size())).orElse(found.size());
        this.more = shown < found.size();
        this.names = found.subList(0, shown);
    }

    /** About how many bytes of memory it takes. */
    long weight() {
        return BYTES_PER_NAME * names.size();
    }

    String contentType() {
        return query.text() ? "text/plain; charset=utf-8" : "application/json";
    }

    /** The next piece, which may be empty; null at the end. */
    @Override
    public byte @Nullable [] next() {
        if (ended) {
            return null;
        }
        List<String> some = names.subList(at, Math.min(at + PIECE, names.size()));
        List<Entry> entries = directory.entries(some);
        boolean first = at == 0;
        at += some.size();
        boolean last = at == names.size();
        if (!measured) {
            text.measure(entries, owners);
            measured = last;
            at = last ? 0 : at;
            return new byte[0];
        }
        ended = last;
        return query.text() ? textOf(entries) : jsonOf(entries, first, last);
    }

    private byte[] textOf(List<Entry> entries) {
        StringBuilder out = new StringBuilder(begun ? "" : "total " + names.size() + "\n");
        begun = true;
        text.append(out, entries, owners);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] jsonOf(List<Entry> entries, boolean first, boolean last) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (first) {
            write(out, "{\"path\":" + Json.text(query.asked().toString()));
            FileItem self = query.detailed() ? self() : null;
            write(out, self == null ? "" : ",\"self\":" + Json.text(self));
            write(out, ",\"files\":[");
        }
        for (Entry entry : entries) {
            write(out, begun ? "," : "");
            begun = true;
            out.writeBytes(Json.bytes(FileItem.of(entry, owners, query.detailed())));
        }
        if (last) {
            write(out, "]");
            if (query.page().isPresent()) {
                String next = more ? "\"" + PathCursor.of(new RawPath(names.getLast())) + "\"" : "null";
                write(out, ",\"next_cursor\":" + next);
            }
            write(out, "}");
        }
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, String json) {
        out.writeBytes(json.getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable FileItem self() {
        return view.stat(query.path(), true)
                .map(entry -> FileItem.of(entry.named("."), owners, true))
                .orElse(null);
    }

    @Override
    public void close() {
        directory.close();
        view.close();
    }
}
