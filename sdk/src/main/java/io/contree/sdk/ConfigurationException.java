package io.contree.sdk;

/** The client's configuration is missing or wrong; nothing was sent. */
public final class ConfigurationException extends ContreeClientException {
    ConfigurationException(String message) {
        super(message, null);
    }
}
