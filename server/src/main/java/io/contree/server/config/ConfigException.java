package io.contree.server.config;

/** A setting that cannot be used; the message names it, where it came from, and what is allowed. */
public final class ConfigException extends RuntimeException {
    ConfigException(String message) {
        super(message);
    }
}
