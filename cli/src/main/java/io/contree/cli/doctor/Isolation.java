package io.contree.cli.doctor;

import io.contree.cli.doctor.Finding.Level;
import java.util.ArrayList;
import java.util.List;

/** Sums up, from the other findings, what stands between a run and this machine with the default settings. */
final class Isolation {
    private final List<Finding> findings;

    Isolation(List<Finding> findings) {
        this.findings = List.copyOf(findings);
    }

    Finding finding() {
        if (findings.stream().anyMatch(finding -> finding.level() == Level.MISSING)) {
            return Finding.missing("isolation", "no run is possible here; see above", "");
        }
        List<String> means = new ArrayList<>();
        means.add((isOk("native") ? "native" : "crun") + ": namespaces, dropped capabilities, masked paths");
        means.add(isOk("user namespaces") && isOk("id-mapped mounts") ? "a user namespace" : "no user namespace");
        means.add(isOk("seccomp") ? "a seccomp filter" : "no seccomp filter");
        means.add(isOk("cgroups") ? "limits of memory, cpu and pids" : "not all limits");
        String kernel = isOk("runsc")
                ? "the kernel is shared, unless the server has --runtime runsc, or --runtimes runsc and a run asks for it"
                : "the kernel is shared";
        return Finding.ok("isolation", String.join(", ", means) + "; " + kernel);
    }

    private boolean isOk(String subject) {
        return findings.stream().anyMatch(finding -> finding.subject().equals(subject) && finding.level() == Level.OK);
    }
}
