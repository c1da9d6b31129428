/**
 * Differences of two images as a patch that git takes. The format is that of {@code git diff --binary --full-index}, as git's
 * documentation of {@code git-diff} ("Generating patch text with -p") and its {@code apply.c} have it.
 */
@NullMarked
package io.contree.store.patch;

import org.jspecify.annotations.NullMarked;
