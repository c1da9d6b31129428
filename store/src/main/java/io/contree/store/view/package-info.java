/** Read-only views of images, through mounts that views share. Internal. */
@NullMarked
package io.contree.store.view;

import org.jspecify.annotations.NullMarked;
