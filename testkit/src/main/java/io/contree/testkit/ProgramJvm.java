package io.contree.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The JVM of a program that tests start often and use for a short while: it compiles quickly rather than well, and maps
 * what it loads from a cache that is recorded once, which is half the time of a start.
 */
public final class ProgramJvm {
    private static final List<String> OPTIONS =
            List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    /** A module's jar, and not that of its tests, sources or Javadoc. */
    private static final Pattern JAR = Pattern.compile("contree-[a-z]+-[0-9.]+(-SNAPSHOT)?\\.jar");

    private static @Nullable List<String> command;

    private ProgramJvm() {}

    /** Starts the program, lets it do what tests do with it and ends it, so that what it loads is recorded. */
    public interface Rehearsal {
        /** @param jvm the command line up to the main class */
        void run(List<String> jvm) throws IOException, InterruptedException;
    }

    /**
     * The command line up to the main class, with the class path of the tests or of the program alone.
     *
     * @param rehearsal called if there is no cache yet that fits the class path
     */
    public static synchronized List<String> command(Rehearsal rehearsal) throws IOException, InterruptedException {
        if (command == null) {
            command = List.copyOf(prepare(rehearsal));
        }
        return command;
    }

    private static List<String> prepare(Rehearsal rehearsal) throws IOException, InterruptedException {
        Optional<String> jars = jars();
        // The JVM keeps no cache of what it loads from directories, which an IDE has.
        if (jars.isEmpty()) {
            return with(System.getProperty("java.class.path"));
        }
        Path cache = Path.of("target/program.aot").toAbsolutePath();
        if (!fits(cache, jars.get())) {
            Path fresh = cache.resolveSibling("program.aot.fresh");
            rehearsal.run(with(jars.get(), "-XX:AOTCacheOutput=" + fresh));
            if (!Files.exists(fresh)) {
                return with(jars.get());
            }
            Files.move(fresh, cache, StandardCopyOption.REPLACE_EXISTING);
        }
        // A cache that does not fit after all is left aside without a word.
        return with(jars.get(), "-XX:AOTCache=" + cache, "-Xlog:disable", "-Xlog:all=off");
    }

    private static List<String> with(String classPath, String... more) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(OPTIONS);
        line.addAll(Arrays.asList(more));
        line.addAll(List.of("-cp", classPath));
        return line;
    }

    /** The class path without tests, if all of it can be had as jars that are as new as what Maven has compiled. */
    private static Optional<String> jars() throws IOException {
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.endsWith(".jar")) {
                jars.add(entry);
            } else if (hasProgram(Path.of(entry))) {
                Optional<Path> jar = jarOf(Path.of(entry));
                if (jar.isEmpty()) {
                    return Optional.empty();
                }
                jars.add(jar.get().toString());
            }
        }
        return jars.isEmpty() ? Optional.empty() : Optional.of(String.join(File.pathSeparator, jars));
    }

    /** True if an entry of the class path has classes of a module, other than its tests. */
    private static boolean hasProgram(Path entry) {
        return entry.endsWith("target/classes") && Files.isDirectory(entry.resolve("io"));
    }

    private static Optional<Path> jarOf(Path classes) throws IOException {
        FileTime newest;
        try (Stream<Path> files = Files.walk(classes)) {
            newest = files.map(ProgramJvm::lastModified)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
        try (Stream<Path> files = Files.list(classes.getParent())) {
            return files.filter(
                            file -> JAR.matcher(file.getFileName().toString()).matches())
                    .filter(jar -> lastModified(jar).compareTo(newest) >= 0)
                    .findFirst();
        }
    }

    private static boolean fits(Path cache, String jars) throws IOException {
        if (!Files.exists(cache)) {
            return false;
        }
        FileTime made = Files.getLastModifiedTime(cache);
        return Arrays.stream(jars.split(File.pathSeparator))
                .map(jar -> lastModified(Path.of(jar)))
                .allMatch(time -> time.compareTo(made) < 0);
    }

    private static FileTime lastModified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
