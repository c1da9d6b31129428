/**
 * One class of routes per resource, and how the answers of each are written. What a caller may do is decided by {@link
 * io.contree.engine.Engine}.
 */
@NullMarked
package io.contree.server.http.routes;

import org.jspecify.annotations.NullMarked;
