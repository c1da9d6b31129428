package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.catalog.SqlCatalog;
import io.contree.cli.terminal.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code tokens}, {@code projects} and {@code images publish} on the catalog of a server that does not run. */
class OperatorCommandsTest {
    @TempDir
    Path data;

    private String out = "";
    private String err = "";

    @BeforeEach
    void aDataDirectory() {
        SqlCatalog.openSqlite(data.resolve("catalog.db")).close();
    }

    private int run(String... line) {
        Cli cli = new Cli();
        List<String> all = new ArrayList<>(List.of(line));
        all.addAll(List.of("--data", data.toString()));
        int code = cli.run(all.toArray(String[]::new));
        out = cli.out();
        err = cli.err();
        return code;
    }

    private JsonNode json(String... line) {
        List<String> all = new ArrayList<>(List.of(line));
        all.add("--json");
        assertThat(run(all.toArray(String[]::new))).as(err).isZero();
        return new JsonMapper().readTree(out);
    }

    @Test
    void aTokenIsShownOnceListedWithoutItsTextAndRevoked() {
        assertThat(run("tokens", "create", "--project", "default", "--permissions", "list,spawn", "--expires", "12h"))
                .as(err)
                .isZero();
        String text = out.strip();
        assertThat(text).hasSizeGreaterThan(20).doesNotContain("\n");
        JsonNode listed = json("tokens", "list", "--project", "default");
        assertThat(listed).hasSize(1);
        assertThat(out).doesNotContain(text);
        assertThat(listed.get(0).get("permissions").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrder("list", "spawn");
        String uuid = listed.get(0).get("uuid").asString();
        assertThat(run("tokens", "revoke", uuid)).isZero();
        assertThat(json("tokens", "list", "--project", "default")).isEmpty();
        assertThat(run("tokens", "revoke", uuid)).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(err).contains("There is no token " + uuid, "contree tokens list");
    }

    @Test
    void withoutTakesPermissionsAway() {
        json("tokens", "create", "--project", "default", "--without", "import,cancel");
        assertThat(json("tokens", "list", "--project", "default").get(0).get("permissions"))
                .extracting(JsonNode::asString)
                .contains("spawn")
                .doesNotContain("import", "cancel");
    }

    @Test
    void projectsAndTheirLimits() {
        assertThat(run("projects", "create", "team-1", "--instance-max-timeout", "60"))
                .isZero();
        UUID made = UUID.fromString(out.strip());
        assertThat(json("projects", "limits", "team-1", "--instance-max-concurrency", "2"))
                .hasSize(1);
        assertThat(run("projects", "limits", made.toString(), "--instance-max-timeout", "0"))
                .isZero();
        assertThat(out.lines().toList().getLast()).matches(made + "  team-1 +- +2 +- +- +1 +-");
        assertThat(run("projects", "retention", "team-1", "logs=1d,images=5/2GiB"))
                .isZero();
        assertThat(out.lines().toList().getLast()).endsWith("images=5/2GiB,logs=1d");
        assertThat(run("projects", "retention", "team-1", "server")).isZero();
        assertThat(out.lines().toList().getLast()).matches(made + "  team-1 +- +2 +- +- +1 +-");
        assertThat(run("projects", "create", "team-1")).isEqualTo(ExitCode.FAILED);
        assertThat(err).contains("There is already a project \"team-1\"");
        assertThat(json("projects", "list")).hasSize(2);
    }

    @Test
    void weightsAreSetShownAndKept() {
        json("projects", "create", "heavy", "--weight", "7");
        assertThat(json("projects", "limits", "heavy", "--instance-max-concurrency", "2")
                        .get(0)
                        .get("weight")
                        .asInt())
                .isEqualTo(7);
        assertThat(json("projects", "limits", "heavy", "--weight", "100")
                        .get(0)
                        .get("weight")
                        .asInt())
                .isEqualTo(100);
        json("tokens", "create", "--project", "heavy", "--weight", "3");
        JsonNode token = json("tokens", "list", "--project", "heavy").get(0);
        assertThat(token.get("weight").asInt()).isEqualTo(3);
        assertThat(run("tokens", "weight", "5", token.get("uuid").asString())).isZero();
        assertThat(json("tokens", "list", "--project", "heavy")
                        .get(0)
                        .get("weight")
                        .asInt())
                .isEqualTo(5);
        assertThat(run("tokens", "weight", "5", UUID.randomUUID().toString())).isEqualTo(ExitCode.NOT_FOUND);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "projects create x --weight 0|2|a weight is from 1 to 100, and not 0",
                "projects limits default --weight 101|2|a weight is from 1 to 100, and not 101",
                "tokens create --project default --weight 101|2|a weight is from 1 to 100, and not 101",
                "tokens weight 0 7a1cbf6e-0000-4000-8000-000000000000|2|a weight is from 1 to 100, and not 0",
                "tokens create --project default --permissions fly|2|\"fly\" is not a permission; there are spawn",
                "tokens create --project default --without fly|2|--without: unknown permission",
                "tokens create --project default --expires soon|2|is not a time",
                "tokens create --project nobody|3|There is no project \"nobody\"; contree projects list",
                "tokens revoke nonsense|2|nonsense",
                "projects create ä|2|is not a project name",
                "projects create x --instance-max-concurrency -1|2|a limit is 1 or more",
                "projects retention default images=soon|2|\"soon\" in \"soon\" is not an age such as 30d",
                "projects retention nobody none|3|There is no project \"nobody\"",
                "projects limits nobody|3|There is no project \"nobody\"",
                "images publish --project default none:1|3|the project has no tag \"none:1\"",
                "images unpublish none:1|3|no image is public as \"none:1\""
            })
    void mistakesAreReportedInALine(String line, int code, String words) {
        assertThat(run(line.split(" "))).as(err).isEqualTo(code);
        assertThat(err).startsWith("contree: ").contains(words).doesNotContain("\tat ");
        assertThat(out).isEmpty();
    }

    @Test
    void aDirectoryWithoutAServersDataIsLeftAlone() throws Exception {
        Path empty = Files.createDirectory(data.resolve("empty"));
        Cli cli = new Cli();
        assertThat(cli.run("tokens", "list", "--data", empty.toString())).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(cli.err()).contains("There is no server data in " + empty, "--data");
        assertThat(empty).isEmptyDirectory();
    }
}
