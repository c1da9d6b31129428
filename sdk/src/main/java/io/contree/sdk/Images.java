package io.contree.sdk;

import io.contree.api.ImageRecord;
import io.contree.api.OperationKind;
import io.contree.api.OperationSummary;
import io.contree.api.Uuids;
import io.contree.sdk.internal.http.Completeness;
import io.contree.sdk.internal.http.Filters;
import io.contree.sdk.internal.http.Pages;
import io.contree.sdk.internal.http.Query;
import io.contree.sdk.internal.http.Transport.Reply;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The images of a project. */
public final class Images {
    private record Listed(List<ImageRecord> images) implements Completeness.Answered {
        @Override
        public Object essence() {
            return images;
        }
    }

    private final Api api;

    Images(Api api) {
        this.api = api;
    }

    /** Every image, one record per tag, the newest first; asked for page by page while the stream is read. */
    public Stream<Image> list() {
        return list(ImageQuery.all());
    }

    public Stream<Image> list(ImageQuery query) {
        Filters filters = query.filters();
        Stream<ImageRecord> records = query.kind()
                .map(kind -> records(filters.limit(Long.MAX_VALUE))
                        .filter(madeBy(kind))
                        .limit(filters.limit()))
                .orElseGet(() -> records(filters));
        return records.map(record -> new Image(api, record));
    }

    private Stream<ImageRecord> records(Filters filters) {
        return Pages.stream(
                filters.limit(),
                (size, offset) -> api.get("list images", filters.page("/images", size, offset), Listed.class)
                        .images());
    }

    private Predicate<ImageRecord> madeBy(OperationKind kind) {
        Set<UUID> makers = new Operations(api)
                .list(OperationQuery.all().kind(kind))
                .map(OperationSummary::uuid)
                .collect(Collectors.toSet());
        return record -> record.operationUuid() != null && makers.contains(record.operationUuid());
    }

    /**
     * An image by its UUID or tag, or by either with {@code ~N} behind it for the state N steps before, without asking the server: whether it exists shows at its first use.
     *
     * @see #find
     */
    public Image use(String reference) {
        return new Image(api, reference);
    }

    public Image use(UUID uuid) {
        return new Image(api, uuid.toString());
    }

    /**
     * An image by its UUID or tag, or by either with {@code ~N} behind it for the state N steps before, as the server has it now.
     *
     * @throws NotFoundException if there is none
     */
    public Image find(String reference) {
        boolean byUuid = Uuids.parse(reference).isPresent();
        String uuid = byUuid ? reference : byTag(api, reference).toString();
        ImageRecord record = api.get("look up image " + reference, "/inspect/" + uuid + "/", ImageRecord.class);
        return Image.isTag(reference) ? Image.tagged(api, record, reference) : new Image(api, record);
    }

    /** An import of an image from a registry, archive or directory, to be set up and {@link Import#execute executed}. */
    public Import importFrom(String reference) {
        return new Import(api, reference);
    }

    /**
     * The image of a registry reference: used if its tag is here already, imported under that tag if not. For credentials,
     * another tag or progress see {@link Import#ifAbsent()}, which this is short for.
     */
    public Image oci(String reference) {
        return importFrom(reference).ifAbsent().execute();
    }

    /** Imports the image of a registry reference as it is there now, and moves its tag here to it. */
    public Image pull(String reference) {
        return importFrom(reference).tag(Import.tagOf(reference)).execute();
    }

    /**
     * Removes from the server's disk what no project needs any more, and returns when that is done. The server does it by itself
     * too, soon after something was removed.
     *
     * @throws ConflictException while a backup or a check reads the server's data
     */
    public Swept collect() {
        return api.repeatable("collect what no project needs", "/gc", Swept.class);
    }

    /** What {@link #collect} would remove; nothing goes. */
    public Swept collectable() {
        return api.repeatable("find what no project needs", "/gc?dry_run=1", Swept.class);
    }

    /** What the project takes up on the server's disk. */
    public ProjectUsage usage() {
        return api.get("measure the project", "/usage", ProjectUsage.class);
    }

    static UUID byTag(Api api, String tag) {
        String action = "look up the tag " + tag;
        Reply reply =
                api.getReply(action, new Query("/inspect/").with("tag", tag).toString());
        if (reply.status() != 302) {
            Api.checked(action, reply);
        }
        // The last part of the address that the answer points at is the image.
        String location = reply.headers().firstValue("Location").orElse("").replaceAll("/+$", "");
        String uuid = location.substring(location.lastIndexOf('/') + 1);
        return Uuids.parse(uuid)
                .orElseThrow(() -> new ServerException(
                        "could not " + action + ": the server points at no image but at \"" + location + "\""));
    }
}
