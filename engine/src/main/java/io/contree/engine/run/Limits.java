package io.contree.engine.run;

import io.contree.engine.EngineConfig;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.ProjectLimits;
import io.contree.engine.operation.Lane;
import io.contree.engine.request.RunNetwork;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The limits that projects are held to: the stricter of their own and the server's, read afresh each time. */
public record Limits(ProjectCatalog projects, EngineConfig config, RunNetwork network) {
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

    public Lane.Share runs(UUID project) {
        return share(projects.limits(project).instanceMaxConcurrency());
    }

    public Lane.Share imports(UUID project) {
        return share(projects.limits(project).importMaxConcurrency());
    }

    private Lane.Share share(Optional<Integer> limit) {
        return limit.map(most -> new Lane.Share(most, (long) most + config.projectQueue()))
                .orElse(Lane.Share.WHOLE);
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
                network.isPossible() ? 1L : 0L);
    }

    private static int stricter(Optional<Integer> own, int server) {
        return own.map(limit -> Math.min(limit, server)).orElse(server);
    }

    private static int seconds(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE, duration.toSeconds());
    }
}
