package io.contree.cli.command;

import io.contree.cli.doctor.Examination;
import io.contree.cli.doctor.Finding;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code contree doctor}. */
@Command(
        name = "doctor",
        description =
                "Tells what this machine offers to runs, which isolation is in force, and what to do about the rest.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 if runs are possible, 1 if not."})
public final class DoctorCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private FormatOptions format = new FormatOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "/var/lib/contree",
            description = "Data directory of the server (default ${DEFAULT-VALUE}).")
    private Path data;

    @SuppressWarnings("NullAway.Init") // picocli sets data
    public DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<Finding> findings = new Examination(data).findings();
        format.printer(terminal).list(findings, DoctorCommand::line);
        return Examination.allowsRuns(findings) ? ExitCode.OK : ExitCode.FAILED;
    }

    private static String line(Finding finding) {
        String mark = switch (finding.level()) {
            case OK -> "ok      ";
            case LIMITED -> "limited ";
            case MISSING -> "MISSING ";
        };
        String remedy = finding.remedy().isEmpty() ? "" : " -> " + finding.remedy();
        return mark + " %-17s ".formatted(finding.subject()) + finding.detail() + remedy;
    }
}
