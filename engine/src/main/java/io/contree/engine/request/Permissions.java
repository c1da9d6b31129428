package io.contree.engine.request;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.engine.Caller;
import java.util.Locale;

/** Refuses what a token may not do. */
public final class Permissions {
    private Permissions() {}

    /** PERMISSION_DENIED unless the caller has it. */
    public static void require(Caller caller, Caller.Permission needed) {
        if (!caller.permissions().contains(needed)) {
            throw new ContreeException(
                    ErrorCode.PERMISSION_DENIED,
                    "This token lacks the permission \"" + needed.name().toLowerCase(Locale.ROOT)
                            + "\"; use a token that has it.");
        }
    }

    /** PERMISSION_DENIED unless the caller may start such a run. */
    public static void requireSpawn(Caller caller, boolean disposable) {
        require(caller, disposable ? Caller.Permission.SPAWN_DISPOSABLE : Caller.Permission.SPAWN);
    }
}
