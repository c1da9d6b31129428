package io.contree.engine;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.ImportRequest;
import io.contree.api.TagName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an import may ask for. */
final class ImportRules {
    private static final List<String> LOCAL = List.of("rootfs:", "oci:", "docker-archive:");
    private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://");

    private ImportRules() {}

    /** The request with its timeout cut to what is allowed; INVALID_ARGUMENT or PERMISSION_DENIED otherwise. */
    static ImportRequest check(ImportRequest request, EngineConfig config) {
        String url = request.registry().url();
        if (url.isBlank()) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "registry.url is empty: name an image, such as docker://docker.io/alpine");
        }
        if (holdsLogin(url)) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "registry.url holds a login; put it into registry.credentials, from where it is never stored");
        }
        if (!config.localImports() && LOCAL.stream().anyMatch(url::startsWith)) {
            throw new ContreeException(
                    ErrorCode.PERMISSION_DENIED,
                    "This server does not import from its own disk, which " + url
                            + " asks for; import from a registry.");
        }
        if (request.timeout() < 1) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT, "timeout is " + request.timeout() + ": it must be a second or more");
        }
        request.tag().ifPresent(TagName::require);
        int timeout =
                (int) Math.min(request.timeout(), config.maxImportTimeout().toSeconds());
        return new ImportRequest(request.registry(), request.tag(), timeout);
    }

    /** Something before the host, which is neither a name before a digest nor a path. */
    private static boolean holdsLogin(String url) {
        if (LOCAL.stream().anyMatch(url::startsWith)) {
            return false;
        }
        String authority = SCHEME.matcher(url).replaceFirst("").split("/", 2)[0];
        int at = authority.lastIndexOf('@');
        return at >= 0 && !authority.startsWith("sha", at + 1);
    }

    /** The form that is stored and shown. */
    static ImportRequest masked(ImportRequest request) {
        Optional<ImportRequest.Credentials> credentials =
                request.registry().credentials().map(ImportRequest.Credentials::masked);
        return new ImportRequest(
                new ImportRequest.Registry(request.registry().url(), credentials), request.tag(), request.timeout());
    }
}
