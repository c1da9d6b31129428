/** The servers that are measured, and the least of a client. */
@NullMarked
package io.contree.bench.server;

import org.jspecify.annotations.NullMarked;
