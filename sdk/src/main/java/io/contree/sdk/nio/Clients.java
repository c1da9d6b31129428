package io.contree.sdk.nio;

import io.contree.sdk.Contree;
import java.util.Map;
import java.util.Optional;

/** Clients for file systems that are opened by a URI. */
final class Clients {
    private Clients() {}

    static Contree of(Location location, Map<String, ?> settings) {
        Contree.Builder builder = Contree.builder();
        setting(settings, "token").ifPresent(builder::token);
        setting(settings, "project").ifPresent(builder::project);
        setting(settings, "profile").ifPresent(builder::profile);
        Optional<String> server = location.server().isEmpty() ? Optional.empty() : Optional.of(location.baseUrl());
        setting(settings, "baseUrl").or(() -> server).ifPresent(builder::baseUrl);
        return builder.build();
    }

    private static Optional<String> setting(Map<String, ?> settings, String name) {
        return settings.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
