/**
 * A request, decoded, and its answer. A handler either answers through its {@link io.contree.server.http.exchange.Exchange} or
 * throws; {@link io.contree.server.http.exchange.Failures} turns what is thrown into the API's error body.
 */
@NullMarked
package io.contree.server.http.exchange;

import org.jspecify.annotations.NullMarked;
