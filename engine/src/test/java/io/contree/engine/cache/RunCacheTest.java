package io.contree.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.api.Encoding;
import io.contree.api.ErrorCode;
import io.contree.api.ProcessRequest;
import io.contree.api.SpawnRequest;
import io.contree.api.Stdin;
import io.contree.engine.EngineConfig;
import io.contree.engine.FakeStore;
import io.contree.engine.InMemoryCatalog;
import io.contree.engine.Samples;
import io.contree.engine.log.LogDirectory;
import io.contree.engine.process.RunPlan;
import io.contree.linux.RawPath;
import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.PlacedFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which runs are equal, and which cannot be repeated. */
class RunCacheTest {
    private static final PlacedFile FILE = new PlacedFile(RawPath.of("/f"), Samples.digest(1), 0644, 0, 0);

    @TempDir
    private Path data;

    private final FakeStore store = new FakeStore();
    private Image image;
    private RunCache cache;

    @BeforeEach
    void open() {
        image = store.image(Map.of("/etc/passwd", "root"));
        cache = cache(Samples.config(data, 1), "crun 1.8.1");
    }

    private RunCache cache(EngineConfig config, String isolation) {
        return new RunCache(new InMemoryCatalog(), LogDirectory.open(data), config, _ -> isolation, Clock.systemUTC());
    }

    private SpawnRequest request() {
        return Samples.spawn(image.uuid().toString(), "cmd", "a", "b").toBuilder()
                .networking(new SpawnRequest.Networking(false))
                .cache(true)
                .build();
    }

    private RunPlan plan(SpawnRequest request, PlacedFile... files) {
        return RunPlan.of(request, image, List.of(files), Duration.ofSeconds(2));
    }

    private SpawnRequest with(UnaryOperator<SpawnRequest.Builder> change) {
        return change.apply(request().toBuilder()).build();
    }

    private static ProcessRequest process(
            String command,
            List<String> args,
            boolean shell,
            String cwd,
            int uid,
            int gid,
            String user,
            String stdin,
            int output) {
        return new ProcessRequest(
                command,
                args,
                shell,
                new TreeMap<>(),
                cwd,
                uid,
                gid,
                user,
                new Stdin(stdin, Encoding.ASCII, true),
                output);
    }

    @Test
    void whateverMayChangeTheResultIsInTheKey() {
        Map<String, RunPlan> plans = new HashMap<>();
        plans.put("itself", plan(request()));
        List<String> args = List.of("a", "b");
        plans.put("command", plan(with(to -> to.process(process("cmd2", args, false, "", 0, 0, "", "", 1 << 20)))));
        plans.put(
                "args", plan(with(to -> to.process(process("cmd", List.of("ab"), false, "", 0, 0, "", "", 1 << 20)))));
        plans.put("shell", plan(with(to -> to.process(process("cmd", args, true, "", 0, 0, "", "", 1 << 20)))));
        plans.put("cwd", plan(with(to -> to.process(process("cmd", args, false, "/srv", 0, 0, "", "", 1 << 20)))));
        plans.put("uid", plan(with(to -> to.process(process("cmd", args, false, "", 7, 0, "", "", 1 << 20)))));
        plans.put("gid", plan(with(to -> to.process(process("cmd", args, false, "", 0, 7, "", "", 1 << 20)))));
        plans.put("user", plan(with(to -> to.process(process("cmd", args, false, "", 0, 0, "7", "", 1 << 20)))));
        plans.put("stdin", plan(with(to -> to.process(process("cmd", args, false, "", 0, 0, "", "in", 1 << 20)))));
        plans.put("output", plan(with(to -> to.process(process("cmd", args, false, "", 0, 0, "", "", 5)))));
        plans.put("env", plan(Samples.withEnv(request(), Map.of("A", "1"))));
        plans.put("a secret", plan(Samples.withEnv(request(), Map.of("MY_TOKEN", "1"))));
        plans.put("another secret", plan(Samples.withEnv(request(), Map.of("MY_TOKEN", "2"))));
        plans.put("preserve_env", plan(with(to -> to.preserve(true, false))));
        plans.put("preserve_cwd", plan(with(to -> to.preserve(false, true))));
        plans.put("runtime", plan(with(to -> to.runtime("crun"))));
        plans.put("hostname", plan(with(to -> to.hostname("other"))));
        plans.put("timeout", plan(with(to -> to.timeout(7))));
        plans.put("disposable", plan(with(to -> to.disposable(true))));
        plans.put("layer", plan(with(to -> to.maxLayerBytes(7))));
        plans.put("file", plan(request(), FILE));
        plans.put("path", plan(request(), new PlacedFile(RawPath.of("/g"), FILE.digest(), 0644, 0, 0)));
        plans.put("content", plan(request(), new PlacedFile(FILE.path(), Samples.digest(2), 0644, 0, 0)));
        plans.put("mode", plan(request(), new PlacedFile(FILE.path(), FILE.digest(), 0755, 0, 0)));
        plans.put("owner", plan(request(), new PlacedFile(FILE.path(), FILE.digest(), 0644, 1, 0)));
        plans.put("group", plan(request(), new PlacedFile(FILE.path(), FILE.digest(), 0644, 0, 1)));
        Image other = store.image(Map.of("/etc/passwd", "other"));
        plans.put("image", RunPlan.of(request(), other, List.of(), Duration.ofSeconds(2)));
        plans.put("grace", RunPlan.of(request(), image, List.of(), Duration.ofSeconds(3)));

        Map<Digest, String> keys = new HashMap<>();
        plans.forEach((what, plan) -> assertThat(keys.put(cache.key(plan).orElseThrow(), what))
                .as("another run with the key of that with another " + what)
                .isNull());
    }

    @Test
    void equalRunsHaveOneKeyOnServersOfTheSameKind() {
        Digest key = cache.key(plan(request(), FILE)).orElseThrow();

        assertThat(cache.key(plan(request(), FILE))).contains(key);
        assertThat(cache(Samples.config(data, 9), "crun 1.8.1").key(plan(request(), FILE)))
                .contains(key);
        assertThat(cache(Samples.config(data, 1), "native").key(plan(request(), FILE)))
                .isNotEmpty()
                .isNotEqualTo(java.util.Optional.of(key));
        assertThat(BuildVersion.current()).matches("\\d.*");
    }

    @Test
    void aRunWithANetworkIsRefused() {
        RunPlan networked = plan(with(to -> to.networking(new SpawnRequest.Networking(true))));

        assertThatThrownBy(() -> cache.key(networked))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("set networking.enabled to false");
        assertThat(cache.key(plan(with(to -> to.cache(false))))).isEmpty();
    }

    @Test
    void aServerThatRemembersNothingSaysSo() {
        EngineConfig config = Samples.config(data, 1);
        RunCache none = cache(Samples.withRunCache(config, 0), "crun 1.8.1");

        assertThatThrownBy(() -> none.key(plan(request()))).hasMessageContaining("run-cache is 0");
    }
}
