package io.contree.server.http;

import io.contree.engine.Caller.Permission;
import java.util.Locale;

/** Names of permissions on the wire. */
final class Permissions {
    private Permissions() {}

    static String wire(Permission permission) {
        return permission.name().toLowerCase(Locale.ROOT);
    }
}
