package io.contree.cli.doctor;

import io.contree.cli.host.HostCommand;
import io.contree.linux.Host;
import io.contree.linux.MountInfo;
import io.contree.linux.Mounts;
import io.contree.server.config.ServerConfig;
import io.contree.store.disk.Layout;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What servers that were killed and never started again have left on this machine. All that a server makes has its
 * name: {@code contree-} and 12 hexadecimal digits; network devices have the last six.
 */
final class LeftoversCheck {
    private static final String SUBJECT = "leftovers";
    private static final Path RUN = Path.of("/run");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Pattern TABLE = Pattern.compile("table (arp|inet) (contree-[0-9a-f]{12})");
    private static final Pattern DEVICE = Pattern.compile("(ctree([0-9a-f]{6})[0-9a-z]*):");
    private static final Pattern RANGE = Pattern.compile("elements = \\{ ([0-9.]+)/([0-9]+) \\}");

    /** What is left of one server, for people, and the commands that remove it. */
    private record Left(Map<String, Integer> things, List<String> commands) {
        void add(String kind, String command) {
            things.merge(kind, 1, Integer::sum);
            commands.add(command);
        }

        @Override
        public String toString() {
            return String.join(
                    ", ",
                    things.entrySet().stream()
                            .map(thing -> thing.getValue() + " " + thing.getKey())
                            .toList());
        }
    }

    private final Map<String, Left> servers = new TreeMap<>();
    private Set<String> living = Set.of();

    Finding leftovers() throws IOException {
        if (!Host.isRoot()) {
            return Finding.limited(SUBJECT, "not looked for: only root sees every server", "run contree as root");
        }
        if (!LivingServers.canBeTold()) {
            return Finding.ok(SUBJECT, "not looked for: servers outside this pid namespace are not seen");
        }
        // First what is there, then who lives: a server that starts in between is found alive.
        List<Runnable> found = new ArrayList<>();
        findCgroups(found);
        findNetworks(found);
        findDirectories(found);
        findMountPoints(found);
        living = LivingServers.names();
        found.forEach(Runnable::run);
        return servers.isEmpty() ? Finding.ok(SUBJECT, "killed servers have left nothing") : finding();
    }

    private Finding finding() {
        List<String> details = new ArrayList<>();
        List<String> commands = new ArrayList<>();
        servers.forEach((name, left) -> {
            details.add(name + " (" + left + ")");
            commands.addAll(left.commands());
        });
        return Finding.limited(
                SUBJECT,
                "of killed servers: " + String.join("; ", details),
                "start a server on the same data directory again, which removes them, or: "
                        + String.join("; ", commands));
    }

    private void note(String name, String kind, String command) {
        boolean lives = living.stream().anyMatch(server -> server.equals(name) || server.endsWith(name));
        if (!lives) {
            servers.computeIfAbsent(name, any -> new Left(new TreeMap<>(), new ArrayList<>()))
                    .add(kind, command);
        }
    }

    private void findCgroups(List<Runnable> found) throws IOException {
        List<Path> cgroups = new ArrayList<>(directories(CGROUPS, "contree-*"));
        for (Path hierarchy : directories(CGROUPS, "*")) {
            cgroups.addAll(directories(hierarchy, "contree-*"));
        }
        for (Path cgroup : cgroups) {
            String name = cgroup.getFileName().toString();
            Set<String> processes = processes(cgroup);
            if (!processes.isEmpty()) {
                found.add(() -> note(name, "cgroups with processes", "kill -9 " + String.join(" ", processes)));
            }
            found.add(() -> note(name, "cgroups", "find " + cgroup + " -depth -type d -exec rmdir {} +"));
        }
    }

    private static Set<String> processes(Path cgroup) throws IOException {
        Set<String> processes = new TreeSet<>();
        try (Stream<Path> tree = Files.walk(cgroup)) {
            for (Path file : tree.filter(path -> path.endsWith("cgroup.procs")).toList()) {
                processes.addAll(Files.readAllLines(file));
            }
        }
        return processes;
    }

    private void findNetworks(List<Runnable> found) throws IOException {
        String tables = said("nft", "list", "tables");
        for (MatchResult table : TABLE.matcher(tables).results().toList()) {
            String name = table.group(2);
            if (table.group(1).equals("inet")) {
                Matcher range = RANGE.matcher(said("nft", "list", "set", "inet", name, "sandboxes"));
                if (range.find()) {
                    addAddresses(found, name, range.group(1), range.group(2));
                }
            }
            found.add(() -> note(name, "nft tables", "nft delete " + table.group()));
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/net/dev"))) {
            Matcher device = DEVICE.matcher(line.strip());
            if (device.lookingAt()) {
                MatchResult match = device.toMatchResult();
                String full = TABLE.matcher(tables)
                        .results()
                        .map(table -> table.group(2))
                        .filter(name -> name.endsWith(match.group(2)))
                        .findFirst()
                        .orElse(match.group(2));
                found.add(() -> note(full, "network devices", "ip link del " + match.group(1)));
            }
        }
    }

    // The claim on the addresses of runs: a route that leads nowhere and, as an address of this machine, the first of
    // them.
    private void addAddresses(List<Runnable> found, String name, String network, String prefix) throws IOException {
        String first = network.substring(0, network.lastIndexOf('.') + 1)
                + (Integer.parseInt(network.substring(network.lastIndexOf('.') + 1)) + 1);
        if (said("ip", "-4", "-o", "route", "show", "proto", "202").contains("unreachable " + network + "/" + prefix)) {
            found.add(() -> note(
                    name,
                    "routes",
                    "ip route del unreachable " + network + "/" + prefix + " proto 202 metric 42949672"));
        }
        if (said("ip", "-4", "-o", "addr", "show", "dev", "lo").contains(" " + first + "/32 ")) {
            found.add(() -> note(name, "addresses", "ip addr del " + first + "/32 dev lo"));
        }
    }

    private void findDirectories(List<Runnable> found) throws IOException {
        for (Path directory : directories(RUN, "contree-*")) {
            String name = directory.getFileName().toString();
            if (!name.matches("contree-[0-9a-f]{12}")) {
                continue;
            }
            if (!Mounts.below(directory).isEmpty()) {
                found.add(() -> note(name, "directories with mounts", "umount --recursive --lazy " + directory));
            }
            found.add(() -> note(name, "directories", "rmdir " + directory));
        }
    }

    // A server that shares its mount namespace with others leaves behind the tmpfs of its data directory.
    private void findMountPoints(List<Runnable> found) throws IOException {
        for (MountInfo mount : MountInfo.ofThisProcess()) {
            Path point = mount.point();
            Optional<Layout> layout = Layout.ofMounts(point);
            if (mount.source().equals(Mounts.TMPFS_SOURCE) && layout.isPresent()) {
                String name = ServerConfig.nameOf(layout.get().data());
                found.add(() -> note(name, "mounts in data directories", "umount --recursive --lazy " + quoted(point)));
            }
        }
    }

    private static String quoted(Path path) {
        return path.toString().matches("[\\w./+@-]+")
                ? path.toString()
                : "'" + path.toString().replace("'", "'\\''") + "'";
    }

    private static List<Path> directories(Path parent, String glob) throws IOException {
        List<Path> directories = new ArrayList<>();
        if (Files.isDirectory(parent)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, glob)) {
                for (Path entry : entries) {
                    if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                        directories.add(entry);
                    }
                }
            }
        }
        return directories;
    }

    private static String said(String program, String... arguments) throws IOException {
        Optional<HostCommand.Said> said = HostCommand.run(program, arguments);
        return said.filter(ended -> ended.code() == 0)
                .map(HostCommand.Said::text)
                .orElse("");
    }
}
