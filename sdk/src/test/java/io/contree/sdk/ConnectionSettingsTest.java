package io.contree.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.sdk.internal.config.ClientConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionSettingsTest {
    @TempDir
    Path home;

    @Test
    void takesTheActiveProfileWithoutAnyVariable() throws IOException {
        authIni("[DEFAULT]\nprofile = work\n[profile:work]\nurl = http://h:1/\ntoken = t1\ntype = jwt\nproject = p\n");

        ClientConfig config = connect(Map.of());

        assertThat(config.baseUrl()).hasToString("http://h:1");
        assertThat(config.token()).isEqualTo("t1");
        assertThat(config.project()).contains("p");
    }

    @Test
    void aProfileIsCalledDefaultUnlessTheFileSaysOtherwise() throws IOException {
        authIni("[profile:default]\nurl = http://h:1\ntoken = t1\n[profile:other]\nurl = http://o\ntoken = t2\n");

        assertThat(connect(Map.of()).token()).isEqualTo("t1");
        assertThat(connect(Map.of("CONTREE_PROFILE", "other")).token()).isEqualTo("t2");
    }

    @Test
    void theEnvironmentGoesBeforeTheActiveProfile() throws IOException {
        authIni("[profile:default]\nurl = http://h:1\ntoken = t1\n");

        ClientConfig config = connect(Map.of("CONTREE_TOKEN", "env", "CONTREE_BASE_URL", "https://e/prefix/"));

        assertThat(config.token()).isEqualTo("env");
        assertThat(config.baseUrl()).hasToString("https://e/prefix");
        assertThat(config.resolve("/whoami")).hasToString("https://e/prefix/v1/whoami");
    }

    @Test
    void aProfileThatIsAskedForGoesBeforeTheEnvironment() throws IOException {
        authIni("[profile:mine]\nurl = http://h:1\ntoken = t1\n");

        ClientConfig config = Contree.builder(Map.of("CONTREE_TOKEN", "env", "CONTREE_BASE_URL", "http://e"), home)
                .profile("mine")
                .build()
                .config();

        assertThat(config.token()).isEqualTo("t1");
        assertThat(config.baseUrl()).hasToString("http://h:1");
    }

    @Test
    void whatTheProgramSaysGoesFirst() throws IOException {
        authIni("[profile:default]\nurl = http://h:1\ntoken = t1\n");

        ClientConfig config = Contree.builder(Map.of("CONTREE_TOKEN", "env"), home)
                .token("own")
                .baseUrl("http://own")
                .project("q")
                .build()
                .config();

        assertThat(config.token()).isEqualTo("own");
        assertThat(config.baseUrl()).hasToString("http://own");
        assertThat(config.project()).contains("q");
    }

    @Test
    void aTokenAloneMeansTheServerOfThisMachine() {
        assertThat(connect(Map.of("CONTREE_TOKEN", "t")).baseUrl()).hasToString("http://127.0.0.1:8642");
    }

    @Test
    void aNebiusKeyAloneMeansTheHostedService() {
        ClientConfig config = connect(Map.of("NEBIUS_API_KEY", "k", "NEBIUS_PROJECT_ID", "p"));

        assertThat(config.baseUrl().getPath()).isEqualTo("/sandboxes");
        assertThat(config.token()).isEqualTo("k");
        assertThat(config.project()).contains("p");
    }

    @Test
    void aProfileOfTheHostedServiceNeedsNoAddress() throws IOException {
        authIni(
                "[profile:default]\ntype = iam\ntoken = t\nproject = p\n[profile:own]\ntype = iam\ntoken = t\nurl = http://h\n");

        assertThat(connect(Map.of()).baseUrl()).hasToString("https://api.tokenfactory.nebius.com/sandboxes");
        assertThat(connect(Map.of("CONTREE_PROFILE", "own")).baseUrl()).hasToString("http://h");
    }

    @Test
    void findsItsFilesUnderXdgAndContreeHome() throws IOException {
        write(home.resolve("xdg/contree/auth.ini"), "[profile:default]\ntoken = xdg\n");
        write(home.resolve("own/auth.ini"), "[profile:default]\ntoken = own\n");

        assertThat(connect(Map.of("XDG_CONFIG_HOME", home.resolve("xdg").toString()))
                        .token())
                .isEqualTo("xdg");
        assertThat(connect(Map.of("CONTREE_HOME", "~/own")).token()).isEqualTo("own");
    }

    @Test
    void authIniGoesOverCliIni() throws IOException {
        write(home.resolve(".config/contree/cli.ini"), "[profile:default]\nurl = http://cli\ntoken = old\n");
        authIni("[profile:default]\ntoken = new\n");

        ClientConfig config = connect(Map.of());

        assertThat(config.token()).isEqualTo("new");
        assertThat(config.baseUrl()).hasToString("http://cli");
    }

    @Test
    void saysWhatToDoWithoutAToken() {
        assertThatThrownBy(() -> connect(Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("found no token")
                .hasMessageContaining("auth.ini")
                .hasMessageContaining("CONTREE_TOKEN");
    }

    @Test
    void namesTheProfilesThatThereAre() throws IOException {
        authIni("[profile:a]\ntoken = t\n[profile:b]\ntoken = t\n");

        assertThatThrownBy(() -> connect(Map.of("CONTREE_PROFILE", "c")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no profile c")
                .hasMessageContaining("a, b");
    }

    @Test
    void refusesWhatIsNoAddressAndWhatIsNoToken() {
        assertThatThrownBy(() -> connect(Map.of("CONTREE_TOKEN", "t", "CONTREE_BASE_URL", "localhost:8642")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("localhost:8642");
        assertThatThrownBy(() -> connect(Map.of("CONTREE_TOKEN", "t", "CONTREE_BASE_URL", "http://a b")))
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> connect(Map.of("CONTREE_TOKEN", "t\r\nX: y")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("CONTREE_TOKEN")
                .hasMessageNotContaining("X: y");
    }

    @Test
    void neverShowsTheToken() {
        assertThat(connect(Map.of("CONTREE_TOKEN", "secret")).toString()).doesNotContain("secret");
    }

    private ClientConfig connect(Map<String, String> variables) {
        try (Contree contree = Contree.builder(variables, home).build()) {
            return contree.config();
        }
    }

    private void authIni(String text) throws IOException {
        write(home.resolve(".config/contree/auth.ini"), text);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
        Files.writeString(file, text);
    }
}
