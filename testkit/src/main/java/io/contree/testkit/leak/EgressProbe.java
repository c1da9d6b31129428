package io.contree.testkit.leak;

import io.contree.linux.Host;
import io.contree.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tables of nftables and network devices of servers, {@code contree-…} and {@code ctree…}, unless they are those of a server that runs
 * in another JVM: a table says whose it is.
 */
final class EgressProbe implements Probe {
    private static final Path DEVICES = Path.of("/proc/thread-self/net/dev");
    private static final Pattern TABLE = Pattern.compile("^table (inet|arp) (contree-\\S+)$", Pattern.MULTILINE);
    private static final Pattern OWNER = Pattern.compile("of the server with process id (\\d+)");
    private static final int ID_DIGITS = 6;

    @Override
    public String kind() {
        return "network of runs";
    }

    @Override
    public Sightings look() throws IOException {
        Sightings seen = new Sightings();
        if (!Host.isRoot() || new Program("nft").find().isEmpty()) {
            return seen;
        }
        try {
            look(seen);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while looking at networks", e);
        }
        return seen;
    }

    private static void look(Sightings seen) throws IOException, InterruptedException {
        StringBuilder running = new StringBuilder("ctree(none");
        Matcher tables = TABLE.matcher(new Program("nft").run("list", "tables"));
        while (tables.find()) {
            String name = tables.group(2);
            if (isOfARunningOther(tables.group(1), name)) {
                running.append('|').append(name.substring(name.length() - ID_DIGITS));
            } else {
                seen.add("table " + tables.group(1) + " " + name);
            }
        }
        Pattern of = Pattern.compile(running + ").*");
        try (Stream<String> lines = Files.lines(DEVICES)) {
            lines.map(line -> line.split(":", 2)[0].strip())
                    .filter(device ->
                            device.startsWith("ctree") && !of.matcher(device).matches())
                    .forEach(device -> seen.add("device " + device));
        }
    }

    private static boolean isOfARunningOther(String family, String table) throws InterruptedException {
        if (Processes.othersMount(Path.of("/run", table))) {
            return true;
        }
        try {
            Matcher owner = OWNER.matcher(new Program("nft").run("list", "table", family, table));
            return owner.find()
                    && ProcessHandle.of(Long.parseLong(owner.group(1)))
                            .filter(Processes::isAnothers)
                            .isPresent();
        } catch (IOException | AssertionError e) {
            // It has just gone.
            return true;
        }
    }
}
