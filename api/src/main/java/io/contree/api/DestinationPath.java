package io.contree.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a file goes: made absolute and free of empty and {@code .} components; {@code ..} is refused. */
final class DestinationPath {
    static final int MAX_LENGTH = 4095;
    static final String ALLOWED = "the path of a file, of at most " + MAX_LENGTH
            + " bytes, without NUL, '..' and a '/' at its end; a relative one is relative to /";

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
        return components.isEmpty() ? Optional.empty() : Optional.of("/" + String.join("/", components));
    }
}
