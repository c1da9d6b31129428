package io.contree.engine;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import java.util.Arrays;
import java.util.Locale;

/** Refuses what a token may not do. */
final class Permissions {
    private Permissions() {}

    /** PERMISSION_DENIED unless the caller has one of these. */
    static void require(Caller caller, Caller.Permission... anyOf) {
        if (Arrays.stream(anyOf).noneMatch(caller.permissions()::contains)) {
            throw new ContreeException(
                    ErrorCode.PERMISSION_DENIED,
                    "This token lacks the permission \"" + anyOf[0].name().toLowerCase(Locale.ROOT)
                            + "\"; use a token that has it.");
        }
    }

    /** PERMISSION_DENIED unless the caller may start such a run. */
    static void requireSpawn(Caller caller, boolean disposable) {
        if (disposable) {
            require(caller, Caller.Permission.SPAWN_DISPOSABLE, Caller.Permission.SPAWN);
        } else {
            require(caller, Caller.Permission.SPAWN);
        }
    }
}
