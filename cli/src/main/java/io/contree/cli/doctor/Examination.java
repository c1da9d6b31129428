package io.contree.cli.doctor;

import io.contree.cli.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All checks of this machine, for a server whose data is in a directory. Leaves nothing behind. */
public final class Examination {
    private final Path data;

    public Examination(Path data) {
        this.data = data.toAbsolutePath().normalize();
    }

    private interface Check {
        Finding run() throws IOException;
    }

    private record Named(String subject, Check check) {}

    /** What every check found; the last one sums up which isolation runs have. */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        KernelChecks kernel = new KernelChecks();
        MountChecks mounts = new MountChecks(data);
        RuntimeChecks runtimes = new RuntimeChecks();
        DiskChecks disk = new DiskChecks(data);
        for (Named named : List.of(
                new Named("kernel", kernel::release),
                new Named("root", kernel::root),
                new Named("mount namespace", kernel::mountNamespace),
                new Named("overlayfs", mounts::overlay),
                new Named("user namespaces", kernel::userNamespaces),
                new Named("id-mapped mounts", mounts::idMapped),
                new Named("user ids", new SubordinateIds()::ids),
                new Named("kernel counters", new CounterCheck()::counters),
                new Named("cgroups", new CgroupCheck()::mode),
                new Named("seccomp", kernel::seccomp),
                new Named("native", runtimes::ours),
                new Named("crun", runtimes::crun),
                new Named("runsc", runtimes::runsc),
                new Named("network", new NetworkCheck()::network),
                new Named("leftovers", new LeftoversCheck()::leftovers),
                new Named("data directory", disk::place),
                new Named("reflinks", disk::reflinks),
                new Named("disk limits", disk::limits),
                new Named("disk space", disk::space))) {
            findings.add(run(named));
        }
        findings.add(new Isolation(findings).finding());
        return findings;
    }

    private static Finding run(Named named) {
        try {
            return named.check().run();
        } catch (IOException e) {
            return Finding.limited(named.subject(), "could not be checked: " + e, "run contree as root");
        }
    }

    /** True if a run can work. */
    public static boolean allowsRuns(List<Finding> findings) {
        return findings.stream().noneMatch(finding -> finding.level() == Level.MISSING);
    }
}
