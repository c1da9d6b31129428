package io.contree.cli.command;

import io.contree.api.StepsBack;
import io.contree.cli.terminal.Bytes;
import io.contree.cli.terminal.ExitCode;
import io.contree.cli.terminal.Pager;
import io.contree.cli.terminal.Printer;
import io.contree.cli.terminal.Style;
import io.contree.cli.terminal.Terminal;
import io.contree.sdk.Contree;
import io.contree.sdk.Diff;
import io.contree.sdk.DiffQuery;
import io.contree.sdk.Image;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code contree diff}. */
@Command(
        name = "diff",
        description = {
            "Says what differs between two images, or an image and the one before it:",
            "A added, M modified, D deleted, R renamed.",
            "Nothing is started for it."
        },
        mixinStandardHelpOptions = true)
public final class DiffCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Parameters(index = "0", paramLabel = "FROM", description = "UUID or tag; with ~N behind it, N steps back.")
    @SuppressWarnings("NullAway.Init") // picocli sets from
    private String from;

    @Parameters(
            index = "1",
            paramLabel = "TO",
            arity = "0..1",
            description = "The same. Without it, FROM is compared with the step before.")
    private @Nullable String to;

    @ArgGroup
    private Form form = new Form();

    @Option(names = "--path", paramLabel = "PATH", description = "Only what differs here, or below. Repeatable.")
    private List<String> paths = List.of();

    @Option(
            names = "--exclude",
            paramLabel = "PATH",
            description = "But nothing here, or below, such as /repo/.git. Repeatable.")
    private List<String> excluded = List.of();

    @Option(
            names = "--relative",
            paramLabel = "DIR",
            defaultValue = "/",
            description = "With --patch: only what differs in this directory, with names relative to it.")
    private String relative = "/";

    @Option(names = "--times", description = "Also files that differ in nothing but their time of modification.")
    private boolean times;

    @Option(names = "--no-renames", description = "Show a file that moved as one deleted and one added.")
    private boolean noRenames;

    @Option(names = "--exit-code", description = "Exit with 1 if anything differs.")
    private boolean exitCode;

    /** How the differences are shown. */
    static final class Form {
        @Option(names = "--patch", description = "As a patch for 'git apply', binary files included.")
        private boolean patch;

        @Option(names = "--name-only", description = "Paths alone.")
        private boolean nameOnly;

        @Option(names = "--stat", description = "With sizes, and their number at the end.")
        private boolean stat;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;
    }

    public DiffCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        DiffQuery query = query();
        try (Contree contree = connection.connect()) {
            Image before = contree.images().use(to == null ? parent(from) : from);
            Image after = contree.images().use(to == null ? from : to);
            boolean differs = form.patch ? patch(before, after, query) : list(before.diff(after, query));
            return differs && exitCode ? ExitCode.FAILED : ExitCode.OK;
        }
    }

    private static String parent(String image) {
        return StepsBack.parse(image)
                .map(back -> back.base() + "~" + (back.steps() + 1))
                .orElse(image + "~1");
    }

    private DiffQuery query() {
        DiffQuery query = times ? DiffQuery.all() : DiffQuery.all().ignoringTimes();
        if (noRenames) {
            query = query.withoutRenames();
        }
        for (String path : paths) {
            query = query.path(path);
        }
        for (String path : excluded) {
            query = query.exclude(path);
        }
        return query;
    }

    private boolean patch(Image before, Image after, DiffQuery query) throws IOException {
        PatchPrinter printer = new PatchPrinter(Style.of(terminal.interactiveOut()));
        try (InputStream patch = before.patch(after, relative, query)) {
            Pager.show(terminal, out -> printer.print(patch, out));
        }
        return printer.any();
    }

    private boolean list(Diff diff) throws IOException {
        if (form.json) {
            new Printer(terminal, true).record(diff, "");
        } else {
            Pager.show(terminal, out -> list(diff, out));
        }
        return !diff.isEmpty();
    }

    private void list(Diff diff, OutputStream out) throws IOException {
        Style style = Style.of(terminal.interactiveOut());
        for (Diff.Entry entry : diff.differences()) {
            print(out, line(style, entry));
        }
        if (form.stat) {
            print(out, totals(diff.totals()));
        }
    }

    private static void print(OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private String line(Style style, Diff.Entry entry) {
        if (form.nameOnly) {
            return entry.path();
        }
        String name = entry.renamedFrom().map(old -> old + " -> ").orElse("") + entry.path();
        String text = letter(entry) + "  " + name + (form.stat ? "  " + sizes(entry) : "");
        return switch (entry.kind()) {
            case "added" -> style.good(text);
            case "deleted" -> style.bad(text);
            default -> text;
        };
    }

    private static String letter(Diff.Entry entry) {
        return entry.kind().substring(0, 1).toUpperCase(Locale.ROOT);
    }

    private static String sizes(Diff.Entry entry) {
        String was = size(entry.before());
        String is = size(entry.after());
        String bytes = was.equals(is) ? is : was.isEmpty() || is.isEmpty() ? was + is : was + " -> " + is;
        return entry.changed().isEmpty() ? bytes : (bytes + " (" + String.join(", ", entry.changed()) + ")").strip();
    }

    private static String size(Diff.@Nullable Side side) {
        if (side == null) {
            return "";
        }
        return side.size() == null ? side.type() : Bytes.text(side.size());
    }

    private static String totals(Diff.Totals totals) {
        return totals.added() + " added, " + totals.modified() + " modified, " + totals.deleted() + " deleted, "
                + totals.renamed() + " renamed";
    }
}
