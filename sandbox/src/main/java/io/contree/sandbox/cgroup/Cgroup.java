package io.contree.sandbox.cgroup;

import io.contree.sandbox.LimitEvents;
import io.contree.sandbox.SandboxSpec;
import java.io.IOException;
import java.util.List;

/** The cgroup of one sandbox. */
public interface Cgroup {
    /** Its path in the runtime's configuration. */
    String path();

    /** To be called once, when the container runs but nothing of the image does yet. */
    void started() throws IOException;

    /** How often these limits took effect; known until {@link #remove}. */
    LimitEvents limitEvents(SandboxSpec.Limits limits);

    /** The processes in it now. */
    List<ProcessHandle> processes() throws IOException;

    /** Kills every process in it, whatever the runtime does. */
    void kill();

    /** Kills what is left and removes it from every hierarchy, if it is still there. */
    void remove() throws IOException;
}
