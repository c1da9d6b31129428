package io.contree.bench.sdk;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The jars of the client and of all that it needs. */
final class SdkJars {
    /** One class of each. */
    private static final List<String> CLASSES = List.of(
            "io.contree.sdk.Contree",
            "io.contree.api.Json",
            "tools.jackson.databind.ObjectMapper",
            "tools.jackson.core.JsonParser",
            "com.fasterxml.jackson.annotation.JsonProperty",
            "org.slf4j.Logger");

    private SdkJars() {}

    static List<Path> all() {
        return CLASSES.stream().flatMap(SdkJars::find).toList();
    }

    private static Stream<Path> find(String name) {
        try {
            return Stream.of(ofClass(Class.forName(name, false, SdkJars.class.getClassLoader())));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the client no longer needs " + name + "; change the list", e);
        }
    }

    static Path ofClass(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }
}
