package io.contree.engine.operation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Removes from messages what belongs to this machine alone: where the server keeps its things, and class names. */
public final class ServerPaths {
    private static final String REST = "[^\\s\"'<>|,;:()\\[\\]]*";

    private static final Pattern CLASSES =
            Pattern.compile("\\b(?:[a-z][a-z0-9]*\\.){1,8}[A-Z]\\w*(?:Exception|Error)\\b:? ?");

    private final Pattern paths;

    /** @param data the directory that holds everything, or one in it */
    public ServerPaths(Path data) {
        Set<String> roots = new LinkedHashSet<>();
        roots.add(data.toAbsolutePath().normalize().toString());
        try {
            roots.add(data.toRealPath().toString());
        } catch (IOException e) {
            // It is not there yet, so it has no other name.
        }
        String known = roots.stream()
                .filter(root -> root.length() > 1)
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        // A whole name only: /var/lib/contree is not part of /var/lib/contree-of-an-image.
        this.paths = Pattern.compile("(?:(?:" + known
                + ")(?![^/\\s\"'<>|,;:()\\[\\]])|/run/contree-[0-9a-f]{6,}|/proc/(?:self|\\d+)/fd/\\d+)" + REST);
    }

    /** The same message, with words in place of such paths, and without such names. */
    public String hide(String message) {
        String pathless = paths.matcher(message).replaceAll("a file of the server");
        return CLASSES.matcher(pathless).replaceAll("");
    }
}
