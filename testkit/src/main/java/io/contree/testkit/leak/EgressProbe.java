package io.contree.testkit.leak;

import io.contree.linux.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tables of nftables and network devices of servers, {@code contree-…} and {@code ctree…}, unless they belong to a server that
 * runs in another JVM: a rule says whose its table is.
 */
final class EgressProbe implements Probe {
    private static final Path DEVICES = Path.of("/proc/thread-self/net/dev");
    private static final Path PERL = Path.of("/usr/bin/perl");
    private static final Pattern TABLE = Pattern.compile("^table \\w+ (contree-\\S+)(?: of (\\d+))?$");
    private static final int ID_DIGITS = 6;

    /**
     * Prints a line for each table: {@code table inet contree-0123456789ab of 4711}. It asks the kernel itself over netlink
     * (linux/netfilter/nfnetlink.h, nf_tables.h), first for all tables, then for all rules, because an nft can crash on a table
     * that a newer nft has made, and then lists none at all.
     */
    static final String TABLES = """
            my @families = qw(unspec inet ip arp - netdev - bridge - - ip6);
            my %tables;
            socket(my $kernel, 16, 3, 12) or die "netlink: $!";
            QUESTION: for my $question (0xA01, 0xA07) {
                send($kernel, pack("LSSLLCCn", 20, $question, 0x301, 1, 0, 0, 0, 0), 0) or die "netlink: $!";
                while (defined recv($kernel, my $in, 1 << 16, 0)) {
                    while (length $in) {
                        my ($size, $type) = unpack("LS", $in);
                        next QUESTION if $type == 3;
                        die "netlink: error " . -unpack("x16l", $in) if $type == 2;
                        my ($table, $owner) = ("table " . $families[unpack("x16C", $in)], "");
                        for (my $at = 20; $at < $size; ) {
                            my ($length, $attribute) = unpack("x${at}SS", $in);
                            my $value = substr($in, $at + 4, $length - 4);
                            $table .= " " . unpack("Z*", $value) if $attribute == 1;
                            $owner = " of $1" if $value =~ /of the server with process id (\\d+)/;
                            $at += $length + 3 & ~3;
                        }
                        $tables{$table} ||= $owner;
                        $in = substr($in, $size + 3 & ~3);
                    }
                }
                die "netlink: $!";
            }
            print "$_$tables{$_}\\n" for sort keys %tables;
            """;

    @Override
    public String kind() {
        return "network of runs";
    }

    @Override
    public Sightings look() throws IOException {
        Sightings seen = new Sightings();
        if (Host.isRoot() && Files.isExecutable(PERL)) {
            look(seen);
        }
        return seen;
    }

    private static void look(Sightings seen) throws IOException {
        StringBuilder running = new StringBuilder("ctree(none");
        for (String line : tables().split("\n")) {
            Matcher table = TABLE.matcher(line);
            if (!table.matches()) {
                continue;
            }
            String name = table.group(1);
            if (Processes.othersMount(Path.of("/run", name)) || isOfAnother(table.group(2))) {
                running.append('|').append(name.substring(name.length() - ID_DIGITS));
            } else {
                seen.add(line.replaceFirst(" of .*", ""));
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

    private static boolean isOfAnother(@Nullable String owner) {
        return owner != null
                && ProcessHandle.of(Long.parseLong(owner))
                        .filter(Processes::isAnothers)
                        .isPresent();
    }

    private static String tables() throws IOException {
        Process perl = new ProcessBuilder(PERL.toString(), "-e", TABLES)
                .redirectErrorStream(true)
                .start();
        try {
            perl.getOutputStream().close();
            String output = new String(perl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (perl.waitFor() != 0) {
                throw new IOException("could not ask the kernel for its tables: " + output);
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while looking at networks", e);
        } finally {
            perl.destroyForcibly();
        }
    }
}
