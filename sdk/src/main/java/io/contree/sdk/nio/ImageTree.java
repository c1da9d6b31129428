package io.contree.sdk.nio;

import io.contree.sdk.ContreeClientException;
import java.io.InputStream;
import java.net.URI;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What a file system needs of an image and its server. Paths are absolute and percent-encoded, ready for a query.
 * Safe for use by several threads.
 */
public interface ImageTree {
    /** A file that is being read; whoever opened it closes the body. */
    record Content(InputStream body, OptionalLong length) {}

    /** Where the server is. */
    URI server();

    UUID image();

    /** @throws ContreeClientException NotFound, InvalidRequest if it is not a directory, or what else keeps it from answering */
    ListedDirectory list(String path);

    /** @throws ContreeClientException NotFound, InvalidRequest if it is not a regular file, or what else keeps it from answering */
    Content open(String path);
}
