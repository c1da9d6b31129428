package io.contree.sandbox.oci;

import io.contree.linux.Stat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** gVisor's runsc (gvisor.dev): a kernel of its own in user space between the sandbox and the host's. */
final class Runsc extends OciRuntime {
    private List<String> options = List.of("--network=none");

    Runsc(Path program, String description, Surroundings surroundings) throws IOException {
        super(program, description, surroundings);
    }

    /** Newer ones keep what a sandbox writes in an overlay of their own unless told not to; older ones have no such flag. */
    @Override
    void prepare() throws IOException, InterruptedException {
        if (ask(program(), "flags").contains("-overlay2")) {
            List<String> more = new ArrayList<>(options);
            more.add("--overlay2=none");
            options = List.copyOf(more);
        }
    }

    @Override
    List<String> options() {
        return options;
    }

    @Override
    boolean joinsNamespaces() {
        return false;
    }

    /** It keeps files whose names begin with the container's id, not a directory. */
    @Override
    boolean remembers(String id) {
        String[] names = stateDirectory().toFile().list((directory, name) -> name.startsWith(id + "_sandbox"));
        return names != null && names.length > 0;
    }

    /** runsc covers an empty {@code /tmp} with a tmpfs, unless something is mounted there. */
    @Override
    List<ObjectNode> mounts(Bundle bundle) throws IOException {
        boolean there =
                PlainPath.stat(bundle.root(), "tmp").filter(Stat::isDirectory).isPresent();
        String source = bundle.root().resolve("tmp").toString();
        return there ? List.of(OciMounts.mount("/tmp", "bind", source, "bind")) : List.of();
    }
}
