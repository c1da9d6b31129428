package io.contree.store.overlay;

import io.contree.linux.Fd;
import io.contree.linux.FileCalls;
import io.contree.linux.LinuxException;
import io.contree.linux.ProjectQuota;
import io.contree.store.DiskUse;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a checkout in the quota of its disk: a project of its own, which its upper and work directories belong to. What
 * becomes a layer keeps the project's number, without any limit. Nothing where the disk keeps no quota.
 */
final class Allotment implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Allotment.class);

    /**
     * What a run may write beyond its limit before it is refused: only so is it seen to have met it. XFS refuses to make a file unless
     * there is room for all that this might take.
     */
    static final DiskUse MARGIN = new DiskUse(1 << 20, 64);

    private Optional<ProjectQuota.Project> project;
    /** What an empty checkout has. */
    private DiskUse empty = new DiskUse(0, 0);

    private Allotment(Optional<ProjectQuota.Project> project) {
        this.project = project;
    }

    /** For a checkout that nobody measures. */
    static Allotment none() {
        return new Allotment(Optional.empty());
    }

    /** That of a new directory, which is empty. */
    static Allotment of(Optional<ProjectQuota> quota, Path directory) throws LinuxException {
        if (quota.isEmpty()) {
            return none();
        }
        try (Fd opened = FileCalls.open(directory, FileCalls.READ | FileCalls.DIRECTORY)) {
            return new Allotment(Optional.of(quota.get().give(opened)));
        }
    }

    /** Everything that is there now counts for nobody. */
    synchronized void begin() throws LinuxException {
        if (project.isPresent()) {
            empty = use(project.get());
        }
    }

    synchronized void limitTo(DiskUse most) throws LinuxException {
        if (project.isPresent()) {
            project.get()
                    .limit(
                            sum(empty.bytes(), most.bytes(), MARGIN.bytes()),
                            sum(empty.files(), most.files(), MARGIN.files()));
        }
    }

    /** What was written since the beginning. */
    synchronized Optional<DiskUse> use() throws LinuxException {
        if (project.isEmpty()) {
            return Optional.empty();
        }
        DiskUse now = use(project.get());
        return Optional.of(
                new DiskUse(Math.max(0, now.bytes() - empty.bytes()), Math.max(0, now.files() - empty.files())));
    }

    private static DiskUse use(ProjectQuota.Project project) throws LinuxException {
        ProjectQuota.Use use = project.use();
        return new DiskUse(use.bytes(), use.files());
    }

    private static long sum(long base, long most, long margin) {
        return most > Long.MAX_VALUE - base - margin ? Long.MAX_VALUE : base + most + margin;
    }

    /** Takes the limit away; nothing that a run could write to is left. */
    @Override
    public synchronized void close() {
        try {
            if (project.isPresent()) {
                project.get().close();
            }
        } catch (LinuxException e) {
            LOG.warn("the limit of a checkout stays, which counts for nothing new: {}", e.getMessage());
        } finally {
            project = Optional.empty();
        }
    }
}
