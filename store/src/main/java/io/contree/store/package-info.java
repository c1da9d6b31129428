/**
 * Filesystem states: images, the layers they are made of, checkouts to work in, commits that make the next image, and
 * uploaded files.
 *
 * <h2>Words</h2>
 *
 * <ul>
 *   <li>An <em>image</em> is one immutable filesystem state: a UUID that follows from its content, and the stack of
 *       layers that mounts it.
 *   <li>A <em>layer</em> is the difference between a state and its parent, in overlayfs form, with a manifest of its entries.
 *   <li>A <em>checkout</em> is a writable overlay on an image. It is used once: commit it or close it.
 *   <li>A <em>view</em> is a read-only mount of an image, shared by all who read from it.
 *   <li>A <em>file</em> is an uploaded blob, addressed by its SHA-256.
 * </ul>
 *
 * <h2>The flow of a run</h2>
 *
 * <pre>{@code
 * try (Checkout checkout = store.checkout(image)) {
 *     checkout.place(file);                      // staged files, before anything runs
 *     ... run something on checkout.root() ...   // and end it: nothing may still write
 *     Commit commit = checkout.commit(image.env(), image.cwd());
 *     commit.image();                            // the parent itself if nothing changed
 * }
 * }</pre>
 *
 * <p>This package is the API; {@link io.contree.store.overlay.OverlayStore#open} opens a store. Below it lie, each
 * built on those before it, {@code stream}, {@code disk}, {@code state}, {@code manifest}, {@code layer}, {@code check}, {@code
 * view} (with {@code archive}) and {@code overlay}; {@code oci} and {@code grep} need the API and {@code stream} alone.
 *
 * <p>Paths inside images are raw strings, see {@code io.contree.linux}. Failures are {@link StoreException}s; nothing
 * half-made is ever visible. The layout on disk and its write order are in docs/design/format.md.
 */
@NullMarked
package io.contree.store;

import org.jspecify.annotations.NullMarked;
