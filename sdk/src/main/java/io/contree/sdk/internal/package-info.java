/** What the packages of the client share. Not part of its interface: it changes without notice. */
@NullMarked
package io.contree.sdk.internal;

import org.jspecify.annotations.NullMarked;
