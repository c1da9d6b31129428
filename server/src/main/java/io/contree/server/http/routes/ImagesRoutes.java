package io.contree.server.http.routes;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.ImageRecord;
import io.contree.api.ImportRequest;
import io.contree.api.LabelRequest;
import io.contree.engine.Action;
import io.contree.engine.Images;
import io.contree.engine.Operations;
import io.contree.linux.RawPath;
import io.contree.server.http.exchange.Exchange;
import io.contree.server.http.exchange.Query;
import io.contree.server.http.exchange.Router;
import io.contree.server.work.FileWork;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code /images}: their list, imports, tags, labels, pins, removal and use of the disk; {@code /usage} and {@code /gc}. */
public final class ImagesRoutes {
    /** The answer of the list. */
    record ImageList(List<ImageRecord> images) {}

    private static final String BY_LABEL = "label:";

    private final Images images;
    private final Operations operations;
    private final FileWork work;
    private final TimeParameter times;

    public ImagesRoutes(Images images, Operations operations, FileWork work, TimeParameter times) {
        this.images = images;
        this.operations = operations;
        this.work = work;
        this.times = times;
    }

    public void register(Router router) {
        router.get("/images", Action.LOOK, this::list);
        router.post("/images/import", Action.IMPORT, this::importImage);
        router.patch("/images/{uuid}/tag", Action.TAG, this::tag);
        router.delete("/images/{uuid}/tag", Action.TAG, this::untag);
        router.patch("/images/{uuid}/labels", Action.TAG, this::label);
        router.delete("/images/{uuid}", Action.REMOVE, this::remove);
        router.put("/images/{uuid}/pin", Action.TAG, this::pin);
        router.delete("/images/{uuid}/pin", Action.TAG, this::unpin);
        router.get("/images/{uuid}/usage", Action.LOOK, this::imageUsage);
        router.get("/usage", Action.LOOK, this::projectUsage);
        router.post("/gc", Action.REMOVE, this::collect);
    }

    private void list(Exchange exchange) throws IOException {
        Query query = exchange.query();
        Optional<String> prefix = query.given("tag");
        Images.Filter filter = new Images.Filter(
                query.unlessZero("tagged") || prefix.isPresent(),
                query.unlessZero("pinned"),
                prefix,
                query.uuid("uuid"),
                times.of(query, "since"),
                times.of(query, "until"),
                labels(query),
                query.given("sort").map(ImagesRoutes::order));
        exchange.json(200, new ImageList(images.list(exchange.caller(), filter, query.page())));
    }

    private static Map<String, Optional<String>> labels(Query query) {
        Map<String, Optional<String>> labels = new LinkedHashMap<>();
        for (RawPath given : query.all("label")) {
            String text = given.toString();
            int sign = text.indexOf('=');
            String name = sign < 0 ? text : text.substring(0, sign);
            if (!LabelRequest.isName(name)) {
                throw Query.invalid("label", text, "NAME or NAME=VALUE with " + LabelRequest.NAME_SYNTAX);
            }
            labels.put(name, sign < 0 ? Optional.empty() : Optional.of(text.substring(sign + 1)));
        }
        if (labels.size() > LabelRequest.MOST) {
            throw Query.invalid("label", labels.size() + " names", "up to " + LabelRequest.MOST);
        }
        return labels;
    }

    private static Images.LabelOrder order(String text) {
        String rising = text.startsWith("-") ? text.substring(1) : text;
        String name = rising.startsWith(BY_LABEL) ? rising.substring(BY_LABEL.length()) : "";
        if (!LabelRequest.isName(name)) {
            throw Query.invalid("sort", text, "label:NAME or -label:NAME with " + LabelRequest.NAME_SYNTAX);
        }
        return new Images.LabelOrder(name, !rising.equals(text));
    }

    private void label(Exchange exchange) throws IOException {
        UUID uuid = exchange.uuid("uuid");
        LabelRequest request = LabelRequest.parse(exchange.fields());
        exchange.json(200, images.label(exchange.caller(), uuid, request));
    }

    private void importImage(Exchange exchange) throws IOException {
        ImportRequest request = exchange.body(ImportRequest.class);
        var operation = operations.importImage(exchange.caller(), request);
        exchange.header("Location", "/v1/operations/" + operation);
        exchange.json(201, Map.of("uuid", operation));
    }

    private void tag(Exchange exchange) throws IOException {
        var uuid = exchange.uuid("uuid");
        String tag = exchange.fields().requiredString("tag");
        exchange.json(200, images.tag(exchange.caller(), uuid, tag));
    }

    private void untag(Exchange exchange) throws IOException {
        var tag = exchange.query().text("tag");
        if (tag.filter(String::isEmpty).isPresent()) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "parameter 'tag' is empty; name the tag to remove, or leave the parameter out to remove all");
        }
        var uuid = exchange.uuid("uuid");
        ImageRecord image = images.untag(exchange.caller(), uuid, tag);
        if (needsBody(exchange)) {
            exchange.json(200, image);
        } else {
            exchange.empty(204);
        }
    }

    private void remove(Exchange exchange) throws IOException, InterruptedException {
        Query query = exchange.query();
        UUID uuid = exchange.uuid("uuid");
        boolean dryRun = query.unlessZero("dry_run");
        answer(exchange, () -> images.remove(exchange.caller(), uuid, query.unlessZero("force"), dryRun));
    }

    /** With the result of work on the disk. */
    private <T> void answer(Exchange exchange, FileWork.Task<T> task) throws IOException, InterruptedException {
        exchange.json(200, work.begin(exchange.caller().project(), task));
    }

    private void pin(Exchange exchange) throws IOException {
        images.pin(exchange.caller(), exchange.uuid("uuid"));
        exchange.empty(204);
    }

    private void unpin(Exchange exchange) throws IOException {
        images.unpin(exchange.caller(), exchange.uuid("uuid"));
        exchange.empty(204);
    }

    private void imageUsage(Exchange exchange) throws IOException, InterruptedException {
        UUID uuid = exchange.uuid("uuid");
        answer(exchange, () -> images.usage(exchange.caller(), uuid));
    }

    private void projectUsage(Exchange exchange) throws IOException, InterruptedException {
        answer(exchange, () -> images.usage(exchange.caller()));
    }

    private void collect(Exchange exchange) throws IOException, InterruptedException {
        boolean dryRun = exchange.query().unlessZero("dry_run");
        answer(exchange, () -> images.collect(exchange.caller(), dryRun));
    }

    /** contree-sdk 0.2 fails on an answer without JSON; later ones take either. */
    private static boolean needsBody(Exchange exchange) {
        return exchange.requestHeader("User-Agent")
                .filter(agent -> agent.startsWith("contree-sdk/0."))
                .isPresent();
    }
}
