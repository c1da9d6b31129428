package io.contree.server.http.exchange;

import io.contree.engine.Caller.Permission;
import java.util.Locale;

/** Names of permissions on the wire. */
public final class Permissions {
    private Permissions() {}

    public static String wire(Permission permission) {
        return permission.name().toLowerCase(Locale.ROOT);
    }
}
