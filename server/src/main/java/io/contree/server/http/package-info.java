/**
 * The HTTP API over {@link io.contree.engine.Engine}: one class of routes per resource, as openapi.yaml describes them.
 *
 * <p>Every request runs on its own virtual thread and may block; what looks into images it hands to {@link
 * io.contree.server.work.FileWork}, whose threads are not those that serve everybody. A handler either answers through its {@link
 * io.contree.server.http.Exchange} or throws; {@link io.contree.server.http.Failures} turns what is thrown into the API's
 * error body. Helidon is known here and nowhere else.
 */
@NullMarked
package io.contree.server.http;

import org.jspecify.annotations.NullMarked;
