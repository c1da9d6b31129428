package io.contree.server.config;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Settings of the web server.
 *
 * @param listen port 0 takes a free one
 * @param maxJsonBody bytes of a JSON request
 * @param maxUpload bytes of an uploaded file
 * @param maxConnections open connections; more wait to be accepted
 * @param idleTimeout how long a connection may send nothing while a request is awaited or read
 * @param keepalive silence after which an event stream gets a comment
 * @param access who reaches it, and how
 * @param fileThreads tasks at a time that look into images for requests, at most half of them one project's
 */
public record HttpSettings(
        InetSocketAddress listen,
        long maxJsonBody,
        long maxUpload,
        int maxConnections,
        Duration idleTimeout,
        Duration keepalive,
        HttpAccess access,
        int fileThreads) {
    /** Clients give up a stream after 10 seconds of silence; two comments fit into that. */
    public static final Duration KEEPALIVE = Duration.ofSeconds(4);
}
