package io.contree.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileFileTest {
    private static final URI SERVER = URI.create("http://127.0.0.1:8642");

    @TempDir
    private Path home;

    @Test
    void aFreshProfileIsForItsOwnerOnly() throws IOException {
        Path file = new ProfileFile(Map.of("HOME", home.toString())).save(SERVER, "t0k3n");

        assertThat(file).isEqualTo(home.resolve(".config/contree/auth.ini"));
        assertThat(file).hasContent("""
                [DEFAULT]
                profile = default

                [profile:default]
                url = http://127.0.0.1:8642
                token = t0k3n
                type = jwt
                """);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void aFileOfSomebodyIsLeftAlone() throws IOException {
        Path theirs = Files.writeString(home.resolve("auth.ini"), "[profile:default]\nurl = x\n");
        ProfileFile profiles = new ProfileFile(Map.of("CONTREE_HOME", home.toString()));

        assertThat(profiles.save(SERVER, "one")).isEqualTo(home.resolve("auth-8642.ini"));
        assertThat(profiles.save(SERVER, "two")).isEqualTo(home.resolve("auth-8642-2.ini"));
        assertThat(theirs).hasContent("[profile:default]\nurl = x\n");
        assertThat(home.resolve("auth-8642.ini")).content().contains("token = one");
    }

    @Test
    void theDirectoryIsWhereClientsLook() {
        String user = home.toString();

        assertThat(new ProfileFile(Map.of("HOME", user, "XDG_CONFIG_HOME", "/xdg")).standard())
                .isEqualTo(Path.of("/xdg/contree/auth.ini"));
        assertThat(new ProfileFile(Map.of("HOME", user, "XDG_CONFIG_HOME", "/xdg", "CONTREE_HOME", "~/c")).standard())
                .isEqualTo(home.resolve("c/auth.ini"));
        assertThat(new ProfileFile(Map.of("HOME", user, "XDG_CONFIG_HOME", "", "CONTREE_HOME", "")).standard())
                .isEqualTo(home.resolve(".config/contree/auth.ini"));
    }

    @Test
    void aServerOnAllAddressesIsReachedOnThisMachine() {
        assertThat(LocalAddress.of(URI.create("http://0.0.0.0:1"))).isEqualTo(URI.create("http://127.0.0.1:1"));
        assertThat(LocalAddress.of(URI.create("http://[0:0:0:0:0:0:0:0]:1"))).isEqualTo(URI.create("http://[::1]:1"));
        assertThat(LocalAddress.of(SERVER)).isEqualTo(SERVER);
    }
}
