/**
 * Our own runtime: a small C program, {@code contree-nursery}, makes sandboxes that wait for a run, and this side speaks with it
 * ({@code docs/design/native-runtime.md}). Internal.
 */
@NullMarked
package io.contree.sandbox.nursery;

import org.jspecify.annotations.NullMarked;
