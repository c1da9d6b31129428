package io.contree.server;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * The profile through which clients of this machine find the server: {@code auth.ini}, INI with a section
 * {@code [profile:NAME]}. A file that exists is left alone.
 */
final class ProfileFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int MOST_FILES = 1000;

    private final Path directory;

    /** Where clients look: {@code $CONTREE_HOME}, else {@code contree} in {@code $XDG_CONFIG_HOME} or {@code ~/.config}. */
    ProfileFile(Map<String, String> environment) {
        String home = environment.getOrDefault("CONTREE_HOME", "");
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path user = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "/root")));
        directory = home.isEmpty()
                ? (config.isEmpty() ? user.resolve(".config") : expand(config, user)).resolve("contree")
                : expand(home, user);
    }

    private static Path expand(String path, Path user) {
        return path.equals("~") || path.startsWith("~/")
                ? user.resolve(path.substring(Math.min(2, path.length())))
                : Path.of(path);
    }

    /** The file that clients read. */
    Path standard() {
        return directory.resolve("auth.ini");
    }

    /**
     * Saves a profile, readable for this user only: as the standard file, or beside it if there is one.
     *
     * @return where it is
     */
    Path save(URI server, String token) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String text = "[DEFAULT]\nprofile = default\n\n[profile:default]\nurl = " + server + "\ntoken = " + token
                + "\ntype = jwt\n";
        for (int i = 0; i < MOST_FILES; i++) {
            Path file = i == 0
                    ? standard()
                    : directory.resolve("auth-" + server.getPort() + (i == 1 ? "" : "-" + i) + ".ini");
            try {
                write(file, text);
                return file;
            } catch (FileAlreadyExistsException e) {
                // Taken: try the next name.
            }
        }
        throw new IOException("there are already " + MOST_FILES + " profiles in " + directory);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
    }
}
