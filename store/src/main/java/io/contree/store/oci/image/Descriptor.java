package io.contree.store.oci.image;

import io.contree.store.Digest;

/** Names a blob: its type as promised, its SHA-256 and its size in bytes. */
public record Descriptor(String mediaType, Digest digest, long size) {
    /** Whether these are the bytes that it promises. */
    public boolean names(byte[] bytes) {
        return bytes.length == size && Digest.ofContent(bytes).equals(digest);
    }
}
