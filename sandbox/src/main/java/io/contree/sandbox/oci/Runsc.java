package io.contree.sandbox.oci;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.Stat;
import io.contree.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** gVisor's runsc (gvisor.dev): a kernel of its own in user space between the sandbox and the host's. */
final class Runsc extends OciRuntime {
    private List<String> options = List.of("--network=none");

    Runsc(String name, Path program, String description, Surroundings surroundings) throws IOException {
        super(name, program, description, surroundings);
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

    /** It makes the file that init is mounted on in the root, below the tmpfs at {@code /dev}. */
    @Override
    public void ended(SandboxSpec spec) throws IOException {
        EtcCopy.asRoot(spec, () -> {
            try (Fd dev = PlainPath.directoryInside(spec.root(), "dev")) {
                String name = OciProcess.INIT.substring("/dev/".length());
                if (FileCalls.statIfPresent(dev, name)
                        .filter(stat -> stat.isRegular() && stat.size() == 0)
                        .isPresent()) {
                    FileCalls.unlink(dev, name, false);
                }
            } catch (LinuxException e) {
                if (!PlainPath.isAbsence(e)) {
                    throw e;
                }
            }
        });
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
