package io.contree.engine.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.api.Encoding;
import io.contree.api.ErrorCode;
import io.contree.api.ImportRequest;
import io.contree.api.ProcessRequest;
import io.contree.api.SpawnRequest;
import io.contree.api.Stdin;
import io.contree.engine.Caller;
import io.contree.engine.DiskPolicy;
import io.contree.engine.EngineConfig;
import io.contree.engine.Samples;
import io.contree.engine.retention.Retention;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {
    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    private static SpawnRequest request(
            String command, Map<String, String> env, String hostname, Stdin stdin, Optional<Boolean> network) {
        ProcessRequest process =
                new ProcessRequest(command, List.of(), false, new TreeMap<>(env), "", 0, 0, "", stdin, 1 << 20);
        SpawnRequest.Builder request = SpawnRequest.builder(process, "image").hostname(hostname);
        network.map(SpawnRequest.Networking::new).ifPresent(request::networking);
        return request.build();
    }

    private static SpawnRequest named(String hostname) {
        return request("true", Map.of(), hostname, Stdin.EMPTY, Optional.empty());
    }

    @Test
    void networkingIsRefusedOnlyWhenItIsAskedFor() {
        RunNetwork none = new RunNetwork(true, _ -> Optional.of("nft is not here"));
        assertThat(none.of(networking(Optional.of(false)), "crun").enabled()).isFalse();
        assertThat(none.of(networking(Optional.empty()), "crun").enabled()).isFalse();
        assertRefused(() -> none.of(networking(Optional.of(true)), "crun"));
        assertThatThrownBy(() -> none.of(networking(Optional.of(true)), "crun"))
                .hasMessageContaining("loopback")
                .hasMessageContaining("nft is not here");
    }

    @Test
    void networkingIsWhatTheRunSaysOrElseTheDefault() {
        for (boolean byDefault : new boolean[] {true, false}) {
            RunNetwork there = new RunNetwork(byDefault, _ -> Optional.empty());
            assertThat(there.of(networking(Optional.empty()), "crun").enabled()).isEqualTo(byDefault);
            assertThat(there.of(networking(Optional.of(true)), "crun").enabled())
                    .isTrue();
            assertThat(there.of(networking(Optional.of(false)), "crun").enabled())
                    .isFalse();
        }
    }

    @Test
    void networkingDependsOnTheRuntime() {
        RunNetwork some = new RunNetwork(
                true, runtime -> runtime.equals("runsc") ? Optional.of("runsc has none") : Optional.empty());
        assertThat(some.of(networking(Optional.empty()), "crun").enabled()).isTrue();
        assertThat(some.of(networking(Optional.empty()), "runsc").enabled()).isFalse();
        assertThatThrownBy(() -> some.of(networking(Optional.of(true)), "runsc"))
                .hasMessageContaining("runsc has none");
    }

    @Test
    void runtimesAreTheAllowedOnesAndTheFirstUnlessSaid() {
        RunRuntime runtimes = new RunRuntime(List.of("native", "crun"));
        assertThat(runtimes.of(runtime(""))).isEqualTo("native");
        assertThat(runtimes.of(runtime("native"))).isEqualTo("native");
        assertThat(runtimes.of(runtime("crun"))).isEqualTo("crun");
        for (String name : List.of("runsc", "/usr/bin/crun", "auto", "CRUN", " crun")) {
            assertRefused(() -> runtimes.of(runtime(name)));
            assertThatThrownBy(() -> runtimes.of(runtime(name)))
                    .hasMessageContaining("'" + name + "'")
                    .hasMessageContaining("native, crun");
        }
        assertThatThrownBy(() -> runtimes.of(runtime("x".repeat(1000))))
                .message()
                .hasSizeLessThan(200);
    }

    private static SpawnRequest runtime(String name) {
        return named("h").toBuilder().runtime(name).build();
    }

    private static SpawnRequest networking(Optional<Boolean> asked) {
        return request("true", Map.of(), "h", Stdin.EMPTY, asked);
    }

    @Test
    void hostnames() {
        assertThatCode(() -> named("linuxkit")).doesNotThrowAnyException();
        assertThatCode(() -> named("a-b.c_d")).doesNotThrowAnyException();
        assertRefused(() -> named(""));
        assertRefused(() -> named("a\n1.2.3.4 evil"));
        assertRefused(() -> named("a".repeat(65)));
    }

    @Test
    void programsAndVariables() {
        assertRefused(() -> request("", Map.of(), "h", Stdin.EMPTY, Optional.empty()));
        assertRefused(() -> request("a\0", Map.of(), "h", Stdin.EMPTY, Optional.empty()));
        assertRefused(() -> request("a", Map.of("A=B", ""), "h", Stdin.EMPTY, Optional.empty()));
        assertRefused(() -> request("a", Map.of("", "x"), "h", Stdin.EMPTY, Optional.empty()));
        assertRefused(() ->
                FrameLimit.check(request("a", Map.of("A", "x".repeat(1 << 20)), "h", Stdin.EMPTY, Optional.empty())
                        .process()));
        assertRefused(
                () -> Samples.spawn("image", "true").toBuilder().timeout(0).build());
    }

    @Test
    void oneArgumentOrVariableIsAsLongAsLinuxTakes() {
        String longest = "x".repeat((128 << 10) - 1);
        FrameLimit.check(Samples.process("echo", longest));
        FrameLimit.check(variable("A", longest.substring(2)));
        FrameLimit.check(new ProcessRequest(
                "x".repeat(500_000), List.of(longest + "x"), true, new TreeMap<>(), "", 0, 0, "", Stdin.EMPTY, 1));

        assertTooLong("args[0] has 131072 bytes", Samples.process("echo", longest + "x"));
        assertTooLong("command has 131072 bytes", Samples.process(longest + "x"));
        assertTooLong("env.A has 131073 bytes", variable("A", longest.substring(2) + "ä"));
    }

    private static void assertTooLong(String problem, ProcessRequest request) {
        assertThatThrownBy(() -> FrameLimit.check(request))
                .isInstanceOf(ContreeException.class)
                .hasMessageStartingWith(problem)
                .hasMessageContaining("at most 131071")
                .hasMessageContaining("stdin or files");
    }

    private static ProcessRequest variable(String name, String value) {
        return new ProcessRequest(
                "env", List.of(), false, new TreeMap<>(Map.of(name, value)), "", 0, 0, "", Stdin.EMPTY, 1);
    }

    @Test
    void stdinIsTextOrBase64() {
        assertThat(new Stdin("ä", Encoding.ASCII, true).bytes()).isEqualTo("ä".getBytes(StandardCharsets.UTF_8));
        assertThat(new Stdin("AP8=", Encoding.BASE64, true).bytes()).containsExactly(0, 255);
        assertRefused(() -> new Stdin("not base64!", Encoding.BASE64, true));
    }

    @Test
    void secretsAreHiddenByTheEndOfTheirName() {
        assertThat(Redaction.env(Map.of(
                        "API_TOKEN",
                        "x",
                        "My_Password",
                        "x",
                        "openai_API_KEY",
                        "x",
                        "AUTHORIZATION",
                        "x",
                        "GIT_CREDENTIALS",
                        "x",
                        "secret",
                        "x",
                        "TOKENS",
                        "shown",
                        "PATH",
                        "shown")))
                .containsOnly(
                        Map.entry("API_TOKEN", Redaction.MASK),
                        Map.entry("My_Password", Redaction.MASK),
                        Map.entry("openai_API_KEY", Redaction.MASK),
                        Map.entry("AUTHORIZATION", Redaction.MASK),
                        Map.entry("GIT_CREDENTIALS", Redaction.MASK),
                        Map.entry("secret", Redaction.MASK),
                        Map.entry("TOKENS", "shown"),
                        Map.entry("PATH", "shown"));
    }

    @Test
    void loginsInUrlsAreHidden() {
        assertThat(Redaction.env(Map.of(
                        "HTTPS_PROXY", "http://me:secret@proxy:3128/",
                        "TWO", "http://a:b@c/x@y ftp://d@e",
                        "MAIL", "me@example.com",
                        "HOST", "http://proxy:3128/@scope/package?mail=a@b")))
                .containsOnly(
                        Map.entry("HTTPS_PROXY", "http://<MASKED>@proxy:3128/"),
                        Map.entry("TWO", "http://<MASKED>@c/x@y ftp://<MASKED>@e"),
                        Map.entry("MAIL", "me@example.com"),
                        Map.entry("HOST", "http://proxy:3128/@scope/package?mail=a@b"));
    }

    @Test
    void importsAreChecked() {
        EngineConfig config = Samples.config(Path.of("data"), 1);
        ImportRequest good = Samples.imported("docker://127.0.0.1:5000/a@sha256:00", Optional.of("a:1"));

        ImportRules.check(CALLER, good, config);
        assertRefused(() -> ImportRules.check(CALLER, Samples.imported(" ", Optional.empty()), config));
        assertRefused(() -> ImportRules.check(CALLER, Samples.imported("docker://a/b", Optional.of("a:")), config));
        for (String login : List.of(
                "docker://me:secret@host/a",
                "me:secret@host/a",
                "https://secret@host/a",
                "docker://me:secret@host",
                "docker://me:p@ss@host:5000/a@sha256:00")) {
            assertThatThrownBy(() -> ImportRules.check(CALLER, Samples.imported(login, Optional.empty()), config))
                    .isInstanceOf(ContreeException.class)
                    .hasMessageContaining("holds a login")
                    .hasMessageNotContaining("secret@");
        }
        for (String digest : List.of("alpine@sha256:00", "docker://alpine:3@sha256:00", "docker://h/a@sha512:00")) {
            ImportRules.check(CALLER, Samples.imported(digest, Optional.empty()), config);
        }
    }

    private static final Caller CALLER = Samples.caller(UUID.randomUUID());

    @ParameterizedTest
    @ValueSource(strings = {"rootfs:/etc", "oci:/etc:tag", "oci-archive:/etc/shadow", "docker-archive:/etc/shadow"})
    void importsFromTheServersDiskNeedASettingAndAPermission(String url) {
        EngineConfig shut = Samples.config(Path.of("data"), 1);
        EngineConfig open = new EngineConfig(
                shut.data(),
                1,
                1,
                1,
                shut.limits(),
                shut.maxTimeout(),
                shut.maxImportTimeout(),
                shut.timeoutGrace(),
                shut.endGrace(),
                shut.logBudget(),
                true,
                0,
                true,
                DiskPolicy.DEFAULT,
                Retention.NONE,
                EngineConfig.DEFAULT_COLLECT_INTERVAL,
                EngineConfig.DEFAULT_RUN_CACHE);
        ImportRequest local = Samples.imported(url, Optional.empty());
        Caller usual = new Caller(UUID.randomUUID(), UUID.randomUUID(), Caller.Permission.usual(), Optional.empty());

        ImportRules.check(CALLER, local, open);
        assertDenied(() -> ImportRules.check(CALLER, local, shut), "local-import-roots");
        assertDenied(() -> ImportRules.check(usual, local, open), "import_local");
        ImportRequest sent = Samples.imported("upload:rootfs:" + UUID.randomUUID(), Optional.empty());
        ImportRules.check(usual, sent, shut);
    }

    private static void assertDenied(ThrowingCallable check, String words) {
        assertThatThrownBy(check)
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED))
                .hasMessageContaining(words);
    }
}
