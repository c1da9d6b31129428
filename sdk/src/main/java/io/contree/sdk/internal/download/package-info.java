/** Files and trees that are copied to this machine, whole or not at all. */
@NullMarked
package io.contree.sdk.internal.download;

import org.jspecify.annotations.NullMarked;
