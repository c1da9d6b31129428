package io.contree.store.oci.image;

import io.contree.store.Digest;
import io.contree.store.Sha256;

/** Names a blob: its type as promised, its SHA-256 and its size in bytes. */
public record Descriptor(String mediaType, Digest digest, long size) {
    /** Whether these are the bytes that it promises. */
    public boolean names(byte[] bytes) {
        return bytes.length == size && Digest.of(Sha256.of(bytes)).equals(digest);
    }
}
