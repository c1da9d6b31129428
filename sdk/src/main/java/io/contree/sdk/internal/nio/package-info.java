/** What a file system needs that knows nothing of images: names of bytes, patterns, a channel over a download. */
@NullMarked
package io.contree.sdk.internal.nio;

import org.jspecify.annotations.NullMarked;
