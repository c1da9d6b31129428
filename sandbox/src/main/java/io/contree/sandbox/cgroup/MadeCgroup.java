package io.contree.sandbox.cgroup;

import io.contree.linux.Fd;
import io.contree.sandbox.SandboxSpec.Limits;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A cgroup that the server makes itself, before it is known what will run in it. */
public interface MadeCgroup extends Cgroup {
    /** Makes it in every hierarchy. */
    void make() throws IOException;

    /** Files by which a process joins it: it writes {@code 0} to each of them. They are the caller's to close. */
    List<Fd> entrances() throws IOException;

    /**
     * Sets its limits; nothing of an image runs in it yet.
     *
     * @param cores those that may be used; empty for all
     */
    void limit(Limits limits, Optional<CpuSet> cores) throws IOException;
}
