package io.contree.server.config;

import io.contree.linux.Cores;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Settings of the web server.
 *
 * @param listen port 0 takes a free one
 * @param maxJsonBody bytes of a JSON request
 * @param maxUpload bytes of an uploaded file
 * @param maxConnections open connections; more wait to be accepted
 * @param idleTimeout after which a connection is closed that sends nothing while a request is awaited or read
 * @param keepalive silence after which an event stream gets a comment
 * @param access who reaches it, and how
 * @param fileThreads tasks at a time that look into images for requests, half of them of one project
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
    /** Clients give a stream up after 10 seconds of silence; two comments fit in. */
    public static final Duration KEEPALIVE = Duration.ofSeconds(4);

    /** With {@link HttpAccess#STANDARD}, and as many threads as suit this machine. */
    public HttpSettings(
            InetSocketAddress listen,
            long maxJsonBody,
            long maxUpload,
            int maxConnections,
            Duration idleTimeout,
            Duration keepalive) {
        this(
                listen,
                maxJsonBody,
                maxUpload,
                maxConnections,
                idleTimeout,
                keepalive,
                HttpAccess.STANDARD,
                Cores.forDiskWork());
    }
}
