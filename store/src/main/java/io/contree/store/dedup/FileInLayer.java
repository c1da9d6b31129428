package io.contree.store.dedup;

import io.contree.linux.RawPath;
import io.contree.store.LayerId;

/** Where a content is. */
record FileInLayer(LayerId layer, RawPath path) {}
