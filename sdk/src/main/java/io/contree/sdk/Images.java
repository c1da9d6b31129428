package io.contree.sdk;

import io.contree.api.ImageRecord;
import io.contree.sdk.Transport.Reply;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The images of a project. */
public final class Images {
    private record Listed(List<ImageRecord> images) {}

    private final Api api;

    Images(Api api) {
        this.api = api;
    }

    /** Every image, one record per tag, the newest first; asked for page by page while the stream is read. */
    public Stream<Image> list() {
        return list(ImageQuery.all());
    }

    public Stream<Image> list(ImageQuery query) {
        return Pages.stream((limit, offset) -> api.get("list images", query.path(limit, offset), Listed.class)
                        .images())
                .map(record -> new Image(api, record));
    }

    /**
     * An image by its UUID or tag, without asking the server: whether it is there shows at the first use.
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
     * An image by its UUID or tag, as the server has it now.
     *
     * @throws NotFoundException if there is none
     */
    public Image find(String reference) {
        boolean byUuid = Image.isUuid(reference);
        String uuid = byUuid ? reference : byTag(api, reference).toString();
        ImageRecord record = api.get("look up image " + reference, "/inspect/" + uuid + "/", ImageRecord.class);
        return byUuid ? new Image(api, record) : Image.tagged(api, record, reference);
    }

    /** An import of an image from a registry, archive or directory, to be set up and {@link Import#execute executed}. */
    public Import importFrom(String reference) {
        return new Import(api, reference);
    }

    /**
     * The image of a registry reference: used if its tag is here already, imported under that tag if not. A reference by
     * digest is always imported, which moves nothing if it is here. {@code
     * docker.io/library/} is left out of the tag, as people write it.
     */
    public Image oci(String reference) {
        if (reference.contains("@")) {
            return importFrom(reference).execute();
        }
        String tag = Import.tagOf(reference);
        try {
            return find(tag);
        } catch (NotFoundException e) {
            return importFrom(reference).tag(tag).execute();
        }
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
        if (!Image.isUuid(uuid)) {
            throw new ServerException(
                    "could not " + action + ": the server points at no image but at \"" + location + "\"");
        }
        return UUID.fromString(uuid);
    }
}
