package io.contree.engine.request;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.ImportRequest;
import io.contree.engine.Action;
import io.contree.engine.Caller;
import io.contree.engine.EngineConfig;
import io.contree.store.ImportSource;
import java.util.regex.Pattern;

/** What an import may ask for. */
public final class ImportRules {
    private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://");

    private ImportRules() {}

    /** INVALID_ARGUMENT or PERMISSION_DENIED for an import that is not allowed. */
    public static void check(Caller caller, ImportRequest request, EngineConfig config) {
        String url = request.registry().url();
        if (holdsLogin(url)) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "registry.url holds a login; put it into registry.credentials, which are never stored");
        }
        if (ImportSource.isLocal(url)) {
            checkLocal(caller, url, config);
        }
    }

    /** True if something stands before the host that is neither a name before a digest nor a path. */
    private static boolean holdsLogin(String url) {
        if (ImportSource.isLocal(url) || ImportSource.upload(url).isPresent()) {
            return false;
        }
        String authority = SCHEME.matcher(url).replaceFirst("").split("/", 2)[0];
        int at = authority.lastIndexOf('@');
        return at >= 0 && !authority.startsWith("sha", at + 1);
    }

    private static void checkLocal(Caller caller, String url, EngineConfig config) {
        if (!config.localImports()) {
            throw new ContreeException(
                    ErrorCode.PERMISSION_DENIED,
                    "This server does not import from its own disk, which " + url
                            + " asks for. Send the bytes: contree images import does that, or upload a tar and import"
                            + " upload:rootfs:UUID; or its operator sets local-import-roots.");
        }
        Action.requireImportLocal(caller);
    }
}
