package io.contree.testkit.leak;

import java.io.IOException;
import java.util.List;

/** Looks for one kind of thing that a test could leave behind. */
public interface Probe {
    /** The kind, in one word or two. */
    String kind();

    Sightings look() throws IOException;

    static List<Probe> all() {
        return List.of(
                new ProcessProbe(),
                new MountProbe(),
                new CgroupProbe(),
                new NetworkNamespaceProbe(),
                new EgressProbe(),
                new TempDirectoryProbe(),
                new ThreadProbe(),
                new OpenFileProbe());
    }
}
