package io.contree.server.http.routes;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.FileRecord;
import io.contree.engine.Action;
import io.contree.engine.Files;
import io.contree.server.http.exchange.Exchange;
import io.contree.server.http.exchange.Query;
import io.contree.server.http.exchange.Router;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * {@code /files}: uploads by digest. Clients from before 2026 look up a file by {@code ?sha256=} or {@code ?uuid=} on
 * the address of the list and get one record.
 */
public final class FilesRoutes {
    /** The answer of the list. */
    record FileList(List<FileRecord> files) {}

    private final Files files;
    private final TimeParameter times;

    public FilesRoutes(Files files, TimeParameter times) {
        this.files = files;
        this.times = times;
    }

    public void register(Router router) {
        router.post("/files", Action.UPLOAD, this::upload);
        router.get("/files", Action.LOOK, this::list);
        router.head("/files", Action.LOOK, this::checkLegacy);
        router.get(
                "/files/{sha256}",
                Action.LOOK,
                exchange -> exchange.json(200, bySha256(exchange, exchange.parameter("sha256"))));
        router.head("/files/{sha256}", Action.LOOK, exchange -> {
            bySha256(exchange, exchange.parameter("sha256"));
            exchange.empty(200);
        });
    }

    private void upload(Exchange exchange) throws IOException {
        try (InputStream body = exchange.upload()) {
            exchange.json(201, files.put(exchange.caller(), body));
        }
    }

    private void list(Exchange exchange) throws IOException {
        Query query = exchange.query();
        if (query.has("sha256") || query.has("uuid")) {
            exchange.json(200, legacy(exchange));
            return;
        }
        exchange.json(
                200,
                new FileList(files.list(
                        exchange.caller(), times.of(query, "since"), times.of(query, "until"), query.page())));
    }

    private void checkLegacy(Exchange exchange) {
        if (exchange.query().has("sha256") || exchange.query().has("uuid")) {
            legacy(exchange);
        }
        exchange.empty(200);
    }

    private FileRecord legacy(Exchange exchange) {
        Optional<String> sha256 = exchange.query().text("sha256");
        if (sha256.isPresent()) {
            return bySha256(exchange, sha256.get());
        }
        return exchange.query()
                .uuid("uuid")
                .flatMap(uuid -> files.byUuid(exchange.caller(), uuid))
                .orElseThrow(() -> new ContreeException(ErrorCode.NOT_FOUND, "There is no file with that UUID"));
    }

    private FileRecord bySha256(Exchange exchange, String sha256) {
        return files.bySha256(exchange.caller(), sha256)
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.NOT_FOUND, "no file with the SHA-256 " + sha256 + " was uploaded to this project"));
    }
}
