package io.contree.bench.figure;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** All that a run of the bench has measured: printed at once, and written as JSON and as a page at its end. */
public final class Figures {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream out;
    private final List<Row> rows = new ArrayList<>();
    private final List<Ratio> ratios = new ArrayList<>();
    private final Map<String, String> skipped = new LinkedHashMap<>();

    /**
     * What one system needed for one thing.
     *
     * @param p95 the same as the median where it is one value
     */
    private record Row(String thing, String system, String unit, double median, double p95, double p99, int rounds) {}

    /** How much a system needed next to another one. */
    private record Ratio(String thing, String system, String other, double ratio) {}

    public Figures(PrintStream out) {
        this.out = out;
    }

    public void title(String title) {
        out.println();
        out.println(title);
    }

    /** What several systems needed for the same, by their names: the first ones are ours, the others what they are compared with. */
    public void compare(String thing, int ours, Map<String, Samples> bySystem) {
        bySystem.forEach((system, samples) -> add(thing, system, samples));
        List<String> systems = List.copyOf(bySystem.keySet());
        for (String system : systems.subList(0, ours)) {
            for (String other : systems.subList(ours, systems.size())) {
                ratio(thing, system, other, median(bySystem, system) / median(bySystem, other));
            }
        }
    }

    private static double median(Map<String, Samples> bySystem, String system) {
        Samples samples = bySystem.get(system);
        return samples == null ? Double.NaN : samples.median();
    }

    public void add(String thing, String system, Samples samples) {
        rows.add(new Row(
                thing,
                system,
                "ms",
                samples.median(),
                samples.percentile(0.95),
                samples.percentile(0.99),
                samples.rounds()));
        out.printf(Locale.ROOT, "  %-34s %-24s %s%n", thing, system, samples);
        out.flush();
    }

    /** One value that is no distribution. */
    public void value(String thing, String system, double value, String unit) {
        rows.add(new Row(thing, system, unit, value, value, value, 1));
        out.printf(Locale.ROOT, "  %-34s %-24s     %8.1f %s%n", thing, system, value, unit);
        out.flush();
    }

    /** @param other what the system is compared with: another one, or itself elsewhere */
    public void ratio(String thing, String system, String other, double ratio) {
        ratios.add(new Ratio(thing, system, other, ratio));
        out.printf(Locale.ROOT, "    = %-32s %-24s     %8.2f x %s%n", thing, system, ratio, other);
        out.flush();
    }

    /** Says that something could not be measured here, and why. */
    public void skip(String thing, String reason) {
        skipped.put(thing, reason);
        out.println("  " + thing + ": skipped, " + reason);
    }

    /** The same, for what a failure says. */
    public void skip(String thing, IOException reason) {
        skip(thing, Objects.requireNonNullElse(reason.getMessage(), reason.toString()));
    }

    public void writeJson(Path file) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode machine = root.putObject("machine");
        machine().forEach(machine::put);
        ArrayNode measured = root.putArray("figures");
        for (Row row : rows) {
            measured.addObject()
                    .put("figure", row.thing())
                    .put("system", row.system())
                    .put("unit", row.unit())
                    .put("median", row.median())
                    .put("p95", row.p95())
                    .put("p99", row.p99())
                    .put("rounds", row.rounds());
        }
        ArrayNode compared = root.putArray("ratios");
        for (Ratio ratio : ratios) {
            compared.addObject()
                    .put("figure", ratio.thing())
                    .put("system", ratio.system())
                    .put("to", ratio.other())
                    .put("ratio", ratio.ratio());
        }
        ObjectNode reasons = root.putObject("skipped");
        skipped.forEach(reasons::put);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(
                file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + System.lineSeparator());
    }

    private static Map<String, String> machine() throws IOException {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("measured", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        machine.put("kernel", System.getProperty("os.version"));
        machine.put("architecture", System.getProperty("os.arch"));
        machine.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        machine.put("load", Files.readString(Path.of("/proc/loadavg")).strip().replaceAll(" [0-9]+/.*", ""));
        return machine;
    }

    /** The figures as tables in Markdown. */
    public String page() throws IOException {
        StringBuilder page = new StringBuilder();
        Map<String, String> machine = machine();
        page.append("%s processors, Linux %s, %s.%n%n"
                .formatted(machine.get("processors"), machine.get("kernel"), machine.get("architecture")));
        page.append("| figure | ours | compared with | ratio |%n|---|---|---|---:|%n".formatted());
        for (Ratio ratio : ratios) {
            page.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %.2f |%n",
                    ratio.thing(),
                    ratio.system(),
                    ratio.other(),
                    ratio.ratio()));
        }
        page.append("%n| figure | system | median | p95 | unit | rounds |%n|---|---|---:|---:|---|---:|%n".formatted());
        for (Row row : rows) {
            page.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %.1f | %.1f | %s | %d |%n",
                    row.thing(),
                    row.system(),
                    row.median(),
                    row.p95(),
                    row.unit(),
                    row.rounds()));
        }
        skipped.forEach((thing, reason) -> page.append("%n%s: not measured, %s%n".formatted(thing, reason)));
        return page.toString();
    }
}
