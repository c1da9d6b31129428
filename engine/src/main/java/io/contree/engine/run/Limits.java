package io.contree.engine.run;

import io.contree.engine.Caller;
import io.contree.engine.EngineConfig;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.ProjectLimits;
import io.contree.engine.operation.Lane;
import io.contree.engine.request.RunNetwork;
import io.contree.engine.request.RunRuntime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What runs may have. The limits that projects are held to are the stricter of their own and the server's, read afresh each time.
 */
public record Limits(ProjectCatalog projects, EngineConfig config, RunRuntime runtime, RunNetwork network) {
    int runTimeout(UUID project, int asked) {
        return Math.min(asked, stricter(projects.limits(project).instanceMaxTimeout(), seconds(config.maxTimeout())));
    }

    public int importTimeout(UUID project, int asked) {
        return Math.min(
                asked, stricter(projects.limits(project).importMaxTimeout(), seconds(config.maxImportTimeout())));
    }

    long layerBytes(long asked) {
        return Math.min(asked, config.disk().maxLayerBytes());
    }

    /** What a caller may have of the lane of runs. */
    public Lane.Claim runs(Caller caller) {
        ProjectLimits own = projects.limits(caller.project());
        return claim(caller, own, own.instanceMaxConcurrency());
    }

    /** What a caller may have of the lane of imports. */
    public Lane.Claim imports(Caller caller) {
        ProjectLimits own = projects.limits(caller.project());
        return claim(caller, own, own.importMaxConcurrency());
    }

    private Lane.Claim claim(Caller caller, ProjectLimits own, Optional<Integer> limit) {
        Lane.Share share = new Lane.Share(
                limit.orElse(Integer.MAX_VALUE),
                limit.map(most -> (long) most + config.projectQueue()).orElse(Long.MAX_VALUE),
                own.weight());
        return new Lane.Claim(caller.project(), share, caller.token(), caller.weight());
    }

    /** By the names that clients know; {@code instance_networking} is ours: 1 if runs can have a network, else 0. */
    public Map<String, Long> shown(UUID project) {
        ProjectLimits own = projects.limits(project);
        return Map.of(
                "instance_max_timeout",
                (long) stricter(own.instanceMaxTimeout(), seconds(config.maxTimeout())),
                "instance_max_concurrency",
                (long) stricter(own.instanceMaxConcurrency(), config.maxRunning()),
                "images_import_max_timeout",
                (long) stricter(own.importMaxTimeout(), seconds(config.maxImportTimeout())),
                "images_import_max_concurrency",
                (long) stricter(own.importMaxConcurrency(), config.maxImports()),
                "instance_networking",
                network.isPossible(runtime.allowed().getFirst()) ? 1L : 0L);
    }

    private static int stricter(Optional<Integer> own, int server) {
        return own.map(limit -> Math.min(limit, server)).orElse(server);
    }

    private static int seconds(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE, duration.toSeconds());
    }
}
