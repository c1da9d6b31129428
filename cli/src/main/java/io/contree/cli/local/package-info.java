/** Sends what lies on this machine to a server, which then imports the bytes: it need not read our disk. */
@NullMarked
package io.contree.cli.local;

import org.jspecify.annotations.NullMarked;
