package io.contree.store.oci.image;

import io.contree.store.Digest;
import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON documents that strangers wrote: two values for one key, trailing text and wrong types are errors. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * Parses an object.
     *
     * @param what names the document in errors
     * @throws StoreException INVALID
     */
    public static JsonNode object(byte[] document, String what) {
        JsonNode root;
        try {
            root = MAPPER.readTree(document);
        } catch (JacksonException e) {
            throw invalid(what, e);
        }
        if (!root.isObject()) {
            throw new StoreException(Kind.INVALID, what + " is not a JSON object.");
        }
        return root;
    }

    /** Parses an array, as {@link #object}. */
    public static JsonNode array(byte[] document, String what) {
        try {
            JsonNode root = MAPPER.readTree(document);
            if (root.isArray()) {
                return root;
            }
        } catch (JacksonException e) {
            throw invalid(what, e);
        }
        throw new StoreException(Kind.INVALID, what + " is not a JSON array.");
    }

    /** Says where and not what: the parser's own message quotes the document, which may be any file on the machine. */
    private static StoreException invalid(String what, JacksonException e) {
        String place = e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
        return new StoreException(Kind.INVALID, what + " is not valid JSON" + place + ".", e);
    }

    /** A string value; empty where it is absent or something else. */
    public static Optional<String> text(JsonNode node, String key) {
        JsonNode value = node.path(key);
        return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    /** A descriptor, checked as far as possible without the blob. */
    static Descriptor descriptor(JsonNode node, String what) {
        JsonNode size = node.path("size");
        if (!size.isIntegralNumber() || !size.canConvertToLong() || size.longValue() < 0) {
            throw new StoreException(Kind.INVALID, what + " has no valid size.");
        }
        return new Descriptor(
                text(node, "mediaType").orElse(""), digest(text(node, "digest").orElse(""), what), size.longValue());
    }

    static Digest digest(String written, String what) {
        try {
            return Digest.parse(written);
        } catch (IllegalArgumentException e) {
            throw new StoreException(Kind.INVALID, what + " has no valid sha256 digest.", e);
        }
    }

    /** Foreign text made fit for a message: short and on one line. */
    public static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= 300 ? line : line.substring(0, 300) + "…";
    }
}
