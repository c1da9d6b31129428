package io.contree.conformance;

import io.contree.testkit.LoopbackRegistry;
import io.contree.testkit.OciLayout;
import io.contree.testkit.RootFs;
import io.contree.testkit.Skopeo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Images in a real registry on loopback. */
final class RegistryImage {
    private RegistryImage() {}

    /**
     * Pushes a tree as an image of one layer and returns its reference, {@code host:port/name:tag}.
     *
     * @param scratch a directory for what is in between
     */
    static String push(LoopbackRegistry registry, Path tree, String name, Path scratch)
            throws IOException, InterruptedException {
        Path tar = RootFs.pack(tree, scratch.resolve(name.replace('/', '-') + ".tar"));
        return pushLayers(registry, List.of(tar), name, scratch);
    }

    /** Pushes layers, the lowest first, as one image. */
    static String pushLayers(LoopbackRegistry registry, List<Path> layers, String name, Path scratch)
            throws IOException, InterruptedException {
        Path layout = OciLayout.write(scratch.resolve(name.replace('/', '-') + "-layout"), "1", layers, List.of());
        String reference = registry.host() + "/" + name + ":1";
        new Skopeo(registry.credentials()).push(layout, reference);
        return reference;
    }
}
