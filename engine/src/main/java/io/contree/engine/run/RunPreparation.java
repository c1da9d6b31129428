package io.contree.engine.run;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.FileRecord;
import io.contree.api.ImportRequest;
import io.contree.api.SpawnRequest;
import io.contree.api.SpawnRequest.Networking;
import io.contree.api.Uuids;
import io.contree.engine.Action;
import io.contree.engine.Caller;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.process.RunPlan;
import io.contree.engine.request.FrameLimit;
import io.contree.engine.request.ImageReference;
import io.contree.linux.RawPath;
import io.contree.store.Digest;
import io.contree.store.Image;
import io.contree.store.ImportSource;
import io.contree.store.PlacedFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a request into a plan, or refuses it; nothing is done yet. */
public record RunPreparation(ImageReference images, ProjectCatalog projects, Limits limits) {
    /** INVALID_ARGUMENT, NOT_FOUND for an unknown image or file, PERMISSION_DENIED. */
    public RunPlan plan(Caller caller, SpawnRequest request) {
        Action.requireStart(caller, request.disposable());
        FrameLimit.check(request.process());
        String runtime = limits.runtime().of(request);
        Networking networking = limits.network().of(request, runtime);
        Image image = images.resolve(caller.project(), request.image());
        SpawnRequest resolved = request.toBuilder()
                .image(image.uuid().toString())
                .timeout(limits.runTimeout(caller.project(), request.timeout()))
                .maxLayerBytes(limits.layerBytes(request.resourcesLimits().maxLayerBytes()))
                .networking(networking)
                .runtime(runtime)
                .build();
        return RunPlan.of(
                resolved, image, files(caller, request.files()), limits.config().endGrace());
    }

    /** The uploaded file that an import names, if it names one; NOT_FOUND if the project has no such file. */
    public Optional<Digest> upload(Caller caller, ImportRequest request) {
        return ImportSource.upload(request.registry().url())
                .map(uuid -> projects.file(caller.project(), uuid)
                        .map(file -> new Digest(file.sha256()))
                        .orElseThrow(() -> new ContreeException(
                                ErrorCode.NOT_FOUND,
                                "There is no file " + uuid
                                        + " in this project, but registry.url names it; upload it first.")));
    }

    private List<PlacedFile> files(Caller caller, Map<String, SpawnRequest.FileSpec> specs) {
        List<PlacedFile> files = new ArrayList<>();
        for (Map.Entry<String, SpawnRequest.FileSpec> entry : specs.entrySet()) {
            files.add(placed(caller, entry.getKey(), entry.getValue()));
        }
        return files;
    }

    private PlacedFile placed(Caller caller, String path, SpawnRequest.FileSpec spec) {
        FileRecord file = Uuids.parse(spec.uuid())
                .flatMap(uuid -> projects.file(caller.project(), uuid))
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.NOT_FOUND,
                        "There is no file " + spec.uuid() + " in this project, but files names it for " + path
                                + "; upload it first."));
        try {
            return new PlacedFile(RawPath.of(path), new Digest(file.sha256()), spec.mode(), spec.uid(), spec.gid());
        } catch (IllegalArgumentException e) {
            throw new ContreeException(ErrorCode.INVALID_ARGUMENT, "files: " + e.getMessage(), e);
        }
    }
}
