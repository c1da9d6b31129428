package io.contree.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.ProcessRequest;
import io.contree.api.SpawnRequest;
import io.contree.api.Stdin;
import io.contree.engine.FakeStore;
import io.contree.engine.Samples;
import io.contree.sandbox.ProcessUser;
import io.contree.store.Image;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunPlanTest {
    private final Image image =
            new FakeStore().image(Map.of(), Map.of("PATH", "/image/bin", "FROM", "image", "GONE", "soon"), "/srv");

    private RunPlan plan(
            boolean shell, Map<String, String> env, boolean preserve, String cwd, int uid, String... args) {
        return plan(
                new ProcessRequest(
                        "echo $FROM", List.of(args), shell, new TreeMap<>(env), cwd, uid, 0, "", Stdin.EMPTY, 1 << 20),
                preserve);
    }

    private RunPlan plan(ProcessRequest process, boolean preserve) {
        SpawnRequest request = SpawnRequest.builder(process, "image")
                .preserve(preserve, preserve)
                .build();
        return RunPlan.of(request, image, List.of(), Duration.ofSeconds(2));
    }

    @Test
    void aShellRunHasTheImagesVariablesUnderItsOwn() {
        RunPlan plan = plan(true, Map.of("FROM", "request", "GONE", "", "NEW", "1"), false, "", 0);

        assertThat(plan.process().env())
                .isEqualTo(Map.of("PATH", "/image/bin", "FROM", "request", "GONE", "", "NEW", "1"));
        assertThat(plan.process().argv()).containsExactly("/bin/sh", "-c", "echo $FROM");
        assertThat(plan.preservedEnv()).isEqualTo(image.env());
    }

    @Test
    void theShellIsThatOfTheVariables() {
        assertThat(plan(true, Map.of("SHELL", "/bin/bash"), false, "", 0)
                        .process()
                        .argv())
                .startsWith("/bin/bash");
    }

    @Test
    void aRunWithoutShellHasItsOwnVariablesAlone() {
        RunPlan plan = plan(false, Map.of("NEW", "1"), false, "", 1000, "-n", "a b");

        assertThat(plan.process().env()).isEqualTo(Map.of("PATH", Environment.DEFAULT_PATH, "NEW", "1"));
        assertThat(plan.process().argv()).containsExactly("echo $FROM", "-n", "a b");
    }

    @Test
    void whatIsNeededIsUsualWhereItIsEmpty() {
        RunPlan plan = plan(true, Map.of("PATH", "", "HOME", "", "SHELL", "", "OTHER", ""), false, "", 0);

        assertThat(plan.process().env())
                .containsAllEntriesOf(Map.of("PATH", Environment.DEFAULT_PATH, "OTHER", ""))
                .doesNotContainKey("HOME"); // the image's passwd has it
        assertThat(plan.process().argv()).startsWith("/bin/sh");
    }

    @Test
    void whatIsGivenIsNotReplaced() {
        assertThat(plan(false, Map.of("HOME", "/home/me", "PATH", "/opt"), false, "", 0)
                        .process()
                        .env())
                .isEqualTo(Map.of("PATH", "/opt", "HOME", "/home/me"));
    }

    @Test
    void argumentsOfAShellRunAreQuotedWords() {
        assertThat(plan(true, Map.of(), false, "", 0, "-s", "it's", "$HOME", "")
                        .process()
                        .argv())
                .containsExactly("/bin/sh", "-c", "echo $FROM '-s' 'it'\\''s' '$HOME' ''");
    }

    @Test
    void theUserIsByNumbersOrAsDockerHasIt() {
        assertThat(plan(user("", 5, 6), false).process().user()).isEqualTo(new ProcessUser("5:6", true));
        assertThat(plan(user("ann:adm", 0, 0), false).process().user()).isEqualTo(new ProcessUser("ann:adm", false));
    }

    private static ProcessRequest user(String user, int uid, int gid) {
        return new ProcessRequest("id", List.of(), false, new TreeMap<>(), "", uid, gid, user, Stdin.EMPTY, 1 << 20);
    }

    @Test
    void preservingMergesVariablesAndTakesTheDirectory() {
        RunPlan plan = plan(true, Map.of("GONE", "", "NEW", "1"), true, "/work", 0);

        assertThat(plan.preservedEnv()).isEqualTo(Map.of("PATH", "/image/bin", "FROM", "image", "NEW", "1"));
        assertThat(plan.preservedCwd()).isEqualTo("/work");
        assertThat(plan(false, Map.of(), true, "/", 0).preservedCwd()).isEmpty();
        assertThat(plan(false, Map.of(), true, "//a/./b/../c/", 0).preservedCwd())
                .isEqualTo("/a/b/../c");
        assertThat(plan(false, Map.of(), false, "/work", 0).preservedCwd()).isEqualTo("/srv");
    }

    @Test
    void theDirectoryIsThatOfTheRequestOrElseOfTheImage() {
        assertThat(plan(false, Map.of(), false, "/work", 0).process().cwd()).isEqualTo("/work");
        assertThat(plan(false, Map.of(), false, "", 0).process().cwd()).isEqualTo("/srv");
        Image bare = new FakeStore().image(Map.of());
        assertThat(RunPlan.of(Samples.spawn("i", "true"), bare, List.of(), Duration.ZERO)
                        .process()
                        .cwd())
                .isEqualTo("/");
    }
}
