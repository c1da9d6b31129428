package io.contree.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a file goes: made absolute and free of empty and {@code .} components. {@code ..} is refused, and so is any
 * path that no run would see because it has a mount of its own there.
 */
final class DestinationPath {
    static final int MAX_LENGTH = 4095;
    static final String ALLOWED = "the path of a file, of at most " + MAX_LENGTH
            + " bytes, without NUL, '..' or a '/' at its end, and not below /dev, /proc or /sys, which every run has of"
            + " its own; a relative one starts at /";
    private static final Set<String> MOUNTED = Set.of("dev", "proc", "sys");

    private DestinationPath() {}

    static Optional<String> absolute(String path) {
        if (!WireText.isValid(path) || path.endsWith("/") || path.endsWith("/.") || path.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        List<String> components = new ArrayList<>();
        for (String component : path.split("/")) {
            if (component.equals("..")) {
                return Optional.empty();
            }
            if (!component.isEmpty() && !component.equals(".")) {
                components.add(component);
            }
        }
        if (components.isEmpty() || MOUNTED.contains(components.get(0))) {
            return Optional.empty();
        }
        return Optional.of("/" + String.join("/", components));
    }
}
