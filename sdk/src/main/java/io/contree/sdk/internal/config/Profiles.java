package io.contree.sdk.internal.config;

import io.contree.sdk.internal.InternalException;
import io.contree.sdk.internal.InternalException.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The profile files that all clients of contree share: {@code auth.ini} over {@code cli.ini} in {@code $CONTREE_HOME}, by
 * default {@code $XDG_CONFIG_HOME/contree} or {@code ~/.config/contree}.
 */
public final class Profiles {
    private final IniFile ini;
    private final Path file;
    private final Environment environment;

    Profiles(Environment environment) {
        this.environment = environment;
        this.file = home(environment).resolve("auth.ini");
        this.ini = IniFile.read(file.resolveSibling("cli.ini"), file);
    }

    /** What the process sees: variables, and where the user's home is. */
    public record Environment(Map<String, String> variables, Path home) {
        public static Environment ofProcess() {
            return new Environment(System.getenv(), Path.of(System.getProperty("user.home", "/")));
        }

        /** The first variable of these that is set and not empty. */
        Optional<String> first(String... names) {
            for (String name : names) {
                String value = variables.get(name);
                if (value != null && !value.isEmpty()) {
                    return Optional.of(value);
                }
            }
            return Optional.empty();
        }
    }

    /** One profile; what it leaves out is empty. */
    record Profile(String name, Optional<String> url, Optional<String> token, Optional<String> project) {}

    /** Where the files are looked for. */
    Path file() {
        return file;
    }

    /**
     * The profile that was asked for, or the active one: {@code CONTREE_PROFILE}, then {@code profile} of the file's
     * DEFAULT section, then {@code default}. Empty if nobody asked for one and there is none.
     */
    Optional<Profile> find(Optional<String> asked) {
        Optional<String> named = asked.or(() -> environment.first("CONTREE_PROFILE"));
        String name = named.or(() -> ini.getDefault("profile")).orElse("default");
        String section = "profile:" + name;
        if (ini.hasSection(section)) {
            return Optional.of(new Profile(
                    name,
                    ini.get(section, "url").filter(value -> !value.isEmpty()).or(() -> defaultUrl(section)),
                    ini.get(section, "token").filter(value -> !value.isEmpty()),
                    ini.get(section, "project").filter(value -> !value.isEmpty())));
        }
        if (named.isPresent()) {
            throw new InternalException(
                    Kind.CONFIGURATION,
                    "there is no profile " + name + " in " + file + "; it has "
                            + (names().isEmpty() ? "none" : String.join(", ", names())));
        }
        return Optional.empty();
    }

    /** What the hosted service issues needs no address; a profile of our server always has one. */
    private Optional<String> defaultUrl(String section) {
        return ini.get(section, "type").filter("iam"::equals).map(type -> ConnectionSettings.HOSTED_SERVICE);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (String section : ini.sections()) {
            if (section.startsWith("profile:")) {
                names.add(section.substring("profile:".length()));
            }
        }
        return names;
    }

    private static Path home(Environment environment) {
        Optional<String> own = environment.first("CONTREE_HOME");
        return own.map(path -> expand(path, environment))
                .orElseGet(() -> environment
                        .first("XDG_CONFIG_HOME")
                        .map(path -> expand(path, environment))
                        .orElse(environment.home().resolve(".config"))
                        .resolve("contree"));
    }

    private static Path expand(String path, Environment environment) {
        if (path.equals("~")) {
            return environment.home();
        }
        return path.startsWith("~/") ? environment.home().resolve(path.substring(2)) : Path.of(path);
    }
}
