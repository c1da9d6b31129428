package io.contree.testkit.leak;

import java.util.List;

/** Descendants of this JVM, and sandboxes that have lost their parent. */
final class ProcessProbe implements Probe {
    /** What their names begin with: those of files with a hash in them are cut by the kernel. */
    private static final List<String> SANDBOX_NAMES =
            List.of("crun", "contree-init", ".contree-init", "contree-nursery", "runsc");

    @Override
    public String kind() {
        return "process";
    }

    @Override
    public Sightings look() {
        Sightings seen = new Sightings();
        ProcessHandle.allProcesses()
                .filter(process -> Processes.isOurs(process) || isOrphan(process))
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> !Processes.isZombie(process.pid()))
                .forEach(process -> seen.add(process.pid() + " " + Processes.commandLine(process.pid())));
        return seen;
    }

    private static boolean isOrphan(ProcessHandle process) {
        return Processes.name(process.pid())
                        .filter(name -> SANDBOX_NAMES.stream().anyMatch(name::startsWith))
                        .isPresent()
                && !Processes.isAnothers(process);
    }
}
