package io.contree.testkit.leak;

import io.contree.linux.MountInfo;
import java.io.IOException;

/** Overlays in this JVM's mount namespace. */
final class MountProbe implements Probe {
    @Override
    public String kind() {
        return "overlay mount";
    }

    @Override
    public Sightings look() throws IOException {
        Sightings seen = new Sightings();
        for (MountInfo mount : MountInfo.ofThisProcess()) {
            if (mount.type().equals("overlay")) {
                seen.add(mount.point().toString());
            }
        }
        return seen;
    }
}
