package io.contree.engine;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.engine.Caller.Permission;
import java.util.List;
import java.util.stream.Collectors;

/** What a caller asks for, and the permissions any one of which allows it: nothing else decides what tokens may do. */
public enum Action {
    LOOK(Permission.LIST),
    /** Start or steer runs of some kind; which kind, {@link #requireStart} and {@link #requireSteer} ask. */
    RUN(Permission.SPAWN, Permission.SPAWN_DISPOSABLE),
    KEEP(Permission.SPAWN),
    UPLOAD(Permission.SPAWN, Permission.SPAWN_DISPOSABLE, Permission.IMPORT),
    IMPORT(Permission.IMPORT),
    TAG(Permission.SET_IMAGE_TAG),
    REMOVE(Permission.REMOVE),
    CANCEL(Permission.CANCEL);

    @SuppressWarnings("ImmutableEnumChecker") // a List.of
    private final List<Permission> enough;

    Action(Permission... enough) {
        this.enough = List.of(enough);
    }

    /** PERMISSION_DENIED unless the caller may. */
    public void require(Caller caller) {
        requireAny(caller, enough);
    }

    /** PERMISSION_DENIED unless the caller may start a run that keeps its state, or throws it away. */
    public static void requireStart(Caller caller, boolean disposable) {
        if (!disposable) {
            KEEP.require(caller);
        }
        requireSteer(caller, disposable);
    }

    /** PERMISSION_DENIED unless the caller may change what goes on in such a run. */
    public static void requireSteer(Caller caller, boolean disposable) {
        requireAny(caller, List.of(disposable ? Permission.SPAWN_DISPOSABLE : Permission.SPAWN));
    }

    /** PERMISSION_DENIED unless the caller may import what lies on the server's own disk. */
    public static void requireImportLocal(Caller caller) {
        requireAny(caller, List.of(Permission.IMPORT_LOCAL));
    }

    private static void requireAny(Caller caller, List<Permission> enough) {
        if (enough.stream().noneMatch(caller.permissions()::contains)) {
            String names = enough.stream().map(Permission::wire).collect(Collectors.joining("\" or \"", "\"", "\""));
            throw new ContreeException(
                    ErrorCode.PERMISSION_DENIED,
                    "This token lacks the permission " + names + "; use a token that has it.");
        }
    }
}
