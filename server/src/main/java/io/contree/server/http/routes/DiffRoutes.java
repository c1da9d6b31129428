package io.contree.server.http.routes;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.Json;
import io.contree.engine.Action;
import io.contree.engine.Caller;
import io.contree.engine.Images;
import io.contree.linux.RawPath;
import io.contree.server.http.exchange.Exchange;
import io.contree.server.http.exchange.Query;
import io.contree.server.http.exchange.Router;
import io.contree.server.work.FileWork;
import io.contree.store.ImageDiff;
import io.contree.store.ImageDiff.Difference;
import io.contree.store.ImageView;
import io.contree.store.patch.GitPatch;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /images/{uuid}/diff/{other}}: what differs between two images, as a list or as a patch. Nothing is started for it. */
public final class DiffRoutes {
    private static final int USUAL = 1000;
    private static final int MOST = 10_000;
    private static final int BUFFER = 64 << 10;

    /** What a patch says of what git has no words for begins a line with this. */
    private static final String NOTE = "contree: ";

    private final Images images;
    private final FileWork work;

    /** A page of the list. */
    record Answer(
            UUID from,
            UUID to,
            Totals totals,
            List<DiffItem> differences,
            @Nullable String nextCursor) {}

    /** How many differences there are on all pages. */
    record Totals(long added, long modified, long deleted, long renamed) {}

    private enum Format {
        JSON,
        PATCH
    }

    /** Two images and what is asked of them. */
    private record Comparison(Caller caller, UUID from, UUID to, ImageDiff.Query query) {}

    public DiffRoutes(Images images, FileWork work) {
        this.images = images;
        this.work = work;
    }

    public void register(Router router) {
        router.get("/images/{uuid}/diff/{other}", Action.LOOK, this::diff);
    }

    private void diff(Exchange exchange) throws IOException, InterruptedException {
        Query query = exchange.query();
        Format format = query.constant("format", Format.class, one -> one.name().toLowerCase(Locale.ROOT))
                .orElse(Format.JSON);
        Optional<RawPath> relative = query.raw("relative").map(path -> entry("relative", path));
        if (format == Format.PATCH) {
            patch(exchange, relative.orElse(RawPath.EMPTY));
        } else if (relative.isPresent()) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "parameter 'relative' is for patches; add format=patch, or give 'path' instead");
        } else {
            list(exchange);
        }
    }

    private Comparison comparison(Exchange exchange, List<RawPath> within, int limit) {
        Query query = exchange.query();
        ImageDiff.Query asked = new ImageDiff.Query(
                within,
                entries(query, "exclude"),
                !query.has("times") || query.flag("times"),
                !query.has("renames") || query.flag("renames"),
                PathCursor.in(query),
                limit);
        return new Comparison(exchange.caller(), exchange.uuid("uuid"), exchange.uuid("other"), asked);
    }

    private ImageDiff find(Comparison comparison, ImageDiff.Query query) {
        return images.diff(comparison.caller(), comparison.from(), comparison.to(), query);
    }

    private void list(Exchange exchange) throws IOException, InterruptedException {
        int limit = exchange.query().count("limit", USUAL, MOST);
        Comparison comparison = comparison(exchange, within(exchange.query()), limit);
        ImageDiff diff = work.begin(exchange.caller().project(), () -> find(comparison, comparison.query()));
        exchange.hold(diff.differences().stream().mapToLong(DiffItem::weight).sum());
        ImageDiff.Totals totals = diff.totals();
        exchange.json(
                200,
                new Answer(
                        comparison.from(),
                        comparison.to(),
                        new Totals(totals.added(), totals.modified(), totals.deleted(), totals.renamed()),
                        diff.differences().stream().map(DiffItem::of).toList(),
                        diff.next().map(PathCursor::of).orElse(null)));
    }

    private void patch(Exchange exchange, RawPath root) throws IOException, InterruptedException {
        for (String other : List.of("limit", "cursor")) {
            if (exchange.query().has(other)) {
                throw new ContreeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "a patch is always whole; leave out '" + other + "', or format=patch");
            }
        }
        List<RawPath> within = root.isEmpty() ? within(exchange.query()) : within(exchange.query(), root);
        Comparison comparison = comparison(exchange, within, MOST);
        boolean notes = exchange.query().flag("notes");
        work.stream(exchange.caller().project(), waits -> {
            ImageDiff first = find(comparison, comparison.query());
            try (ImageView from = images.view(comparison.caller(), comparison.from());
                    ImageView to = images.view(comparison.caller(), comparison.to())) {
                exchange.stream("text/x-patch", waits, out -> {
                    OutputStream buffered = new BufferedOutputStream(out, BUFFER);
                    write(
                            comparison,
                            first,
                            new GitPatch(from, to, root, buffered),
                            notes ? buffered : OutputStream.nullOutputStream());
                    buffered.flush();
                });
            }
        });
    }

    /** @param notes takes what git has no words for */
    private void write(Comparison comparison, ImageDiff first, GitPatch patch, OutputStream notes) throws IOException {
        ImageDiff page = first;
        while (true) {
            for (Difference difference : page.differences()) {
                if (!GitPatch.isWholeIn(difference)) {
                    notes.write(note(difference));
                }
                patch.write(difference);
            }
            if (page.next().isEmpty()) {
                return;
            }
            page = find(comparison, comparison.query().from(page.next().get()));
        }
    }

    /** Text between the files of a patch is nothing to git. */
    private static byte[] note(Difference difference) throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        Json.write(DiffItem.of(difference), json);
        return (NOTE + json.toString(StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static List<RawPath> within(Query query) {
        List<RawPath> given = entries(query, "path");
        return given.isEmpty() ? List.of(RawPath.EMPTY) : given;
    }

    /** What is asked for lies below the directory that names are relative to. */
    private static List<RawPath> within(Query query, RawPath root) {
        List<RawPath> given = entries(query, "path");
        for (RawPath path : given) {
            if (!path.equals(root) && !path.raw().startsWith(root.raw() + "/")) {
                throw Query.invalid(
                        "path", path.toString(), "a path in " + ImagePath.absolute(root) + ", which is 'relative'");
            }
        }
        return given.isEmpty() ? List.of(root) : given;
    }

    private static List<RawPath> entries(Query query, String name) {
        return query.all(name).stream()
                .filter(path -> !path.isEmpty())
                .map(path -> entry(name, path))
                .toList();
    }

    /** As the store names it: without slashes at the ends, and without {@code .}. */
    private static RawPath entry(String name, RawPath given) {
        RawPath entry = RawPath.EMPTY;
        for (String part : ImagePath.of(given).names()) {
            if (part.equals("..")) {
                throw Query.invalid(name, given.toString(), "a path without '..'");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                entry = entry.child(part);
            }
        }
        return entry;
    }
}
