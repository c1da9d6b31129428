/**
 * The server program: {@link io.contree.server.ContreeServer} puts all parts together and may be embedded, {@link
 * io.contree.server.ServerMain} is the command line around it.
 */
@NullMarked
package io.contree.server;

import org.jspecify.annotations.NullMarked;
