/**
 * The web server under the HTTP API: connections, tokens, and the one place where a request is answered or refused. The
 * routes are in {@link io.contree.server.http.routes}, as openapi.yaml describes them.
 *
 * <p>Every request runs on its own virtual thread and may block; work that looks into images is handed to
 * {@link io.contree.server.work.FileWork}, whose threads are not those that serve everybody. Helidon is known here and
 * below, and nowhere else.
 */
@NullMarked
package io.contree.server.http;

import org.jspecify.annotations.NullMarked;
