/** Read-only looks into images, through mounts that all who look share. Internal. */
@NullMarked
package io.contree.store.view;

import org.jspecify.annotations.NullMarked;
