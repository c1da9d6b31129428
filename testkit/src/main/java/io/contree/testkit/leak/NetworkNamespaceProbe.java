package io.contree.testkit.leak;

import io.contree.linux.MountInfo;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Network namespaces with a name: those of {@code ip netns} called {@code contree*}, and any that is bind-mounted. */
final class NetworkNamespaceProbe implements Probe {
    private static final Path NAMED = Path.of("/run/netns");

    @Override
    public String kind() {
        return "network namespace";
    }

    @Override
    public Sightings look() throws IOException {
        Sightings seen = new Sightings();
        for (MountInfo mount : MountInfo.ofThisProcess()) {
            if (mount.type().equals("nsfs") && !mount.point().startsWith(NAMED)) {
                seen.add(mount.point().toString());
            }
        }
        if (Files.isDirectory(NAMED)) {
            try (DirectoryStream<Path> names = Files.newDirectoryStream(NAMED, "contree*")) {
                names.forEach(name -> seen.add(name.toString()));
            }
        }
        return seen;
    }
}
