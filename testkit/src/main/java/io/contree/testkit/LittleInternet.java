package io.contree.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Two machines that this one is connected to, each a network namespace with a web server on port 80 that says {@code hello from
 * NAME}: one with a public address, one with a private address and the metadata address of clouds. This machine's own ends of the
 * cables have addresses too, a public and a private one. Needs root, ip, nsenter, unshare and busybox.
 *
 * <p>The addresses of two that are open at the same time differ, except for the metadata address.
 */
public final class LittleInternet implements AutoCloseable {
    /** Where clouds keep what a machine must not tell. */
    public static final String METADATA = "169.254.169.254";

    private static final int MOST_TRIES = 20;

    private final Deque<Process> processes = new ArrayDeque<>();
    private final List<String> links = new ArrayList<>();
    private final Machine outside;
    private final Machine inside;

    /**
     * One of the machines.
     *
     * @param name what its web server says
     * @param address where it is
     * @param ours this machine's address on the same cable
     * @param pid of a process in its namespace
     */
    public record Machine(String name, String address, String ours, long pid) {}

    private LittleInternet(Path directory) throws IOException, InterruptedException {
        try {
            outside = machine("public", "198.51.100.", directory);
            inside = machine("private", "10.254." + random(256) + ".", directory);
            String link = links.getLast();
            within(inside, "ip", "addr", "add", METADATA + "/32", "dev", "eth0");
            ip("route", "add", METADATA + "/32", "dev", link, "metric", "" + (1 + random(1_000_000)));
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Opens one; the directory takes some files. */
    public static LittleInternet open(Path directory) throws IOException, InterruptedException {
        Requirements.root();
        Requirements.program("ip", "iproute2");
        Requirements.staticBusybox();
        return new LittleInternet(directory);
    }

    /** The one on the public Internet, so to speak. */
    public Machine outside() {
        return outside;
    }

    /** The one in the private network of this machine. */
    public Machine inside() {
        return inside;
    }

    /** Starts a {@link NameServer} in a machine, on its address. */
    public void startNameServer(Machine machine, String... namesAndAddresses) throws IOException {
        String[] command = nameServer(machine.address(), namesAndAddresses);
        awaitListening(spawn(entering(machine, command)));
    }

    /** Starts one on an address of this machine. */
    public void startNameServer(String address, String... namesAndAddresses) throws IOException {
        awaitListening(spawn(List.of(nameServer(address, namesAndAddresses))));
    }

    private static void awaitListening(Process process) throws IOException {
        if (process.inputReader().readLine() == null) {
            throw new IOException("the name server ended at once");
        }
    }

    private static String[] nameServer(String address, String... namesAndAddresses) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                NameServer.class.getName(),
                address,
                "53"));
        command.addAll(List.of(namesAndAddresses));
        return command.toArray(String[]::new);
    }

    private Machine machine(String name, String network, Path directory) throws IOException, InterruptedException {
        Process holder = spawn(List.of("unshare", "--net", "sh", "-c", "echo up; exec cat"));
        BufferedReader out = holder.inputReader();
        if (out.readLine() == null) {
            throw new IOException("unshare --net failed");
        }
        String link = "little" + Long.toString(holder.pid(), Character.MAX_RADIX);
        ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", "" + holder.pid());
        links.add(link);
        ip("link", "set", "dev", link, "addrgenmode", "none", "up");
        Machine machine = addressed(name, network, link, holder.pid());
        within(machine, "ip", "link", "set", "dev", "lo", "up");
        within(machine, "ip", "addr", "add", machine.address() + "/32", "dev", "eth0");
        within(machine, "ip", "link", "set", "dev", "eth0", "up");
        within(machine, "ip", "route", "add", machine.ours() + "/32", "dev", "eth0");
        within(machine, "ip", "route", "add", "default", "via", machine.ours());
        Path files = java.nio.file.Files.createDirectories(directory.resolve(name));
        java.nio.file.Files.writeString(files.resolve("index.html"), "hello from " + name + "\n");
        spawn(entering(machine, "busybox", "httpd", "-f", "-p", "80", "-h", files.toString()));
        return machine;
    }

    /** Takes a free pair of addresses; the route to the other end is what only one can have. */
    private Machine addressed(String name, String network, String link, long pid)
            throws IOException, InterruptedException {
        for (int tries = 0; ; tries++) {
            int ours = 2 * (1 + random(126));
            Machine machine = new Machine(name, network + (ours + 1), network + ours, pid);
            try {
                ip("route", "add", machine.address() + "/32", "dev", link);
                ip("addr", "add", machine.ours() + "/32", "dev", link);
                // Packets to the other end come from this one.
                ip("route", "replace", machine.address() + "/32", "dev", link, "src", machine.ours());
                return machine;
            } catch (AssertionError e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static int random(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        new Program("ip").run(arguments);
    }

    private static void within(Machine machine, String... command) throws IOException, InterruptedException {
        List<String> whole = entering(machine, command);
        new Program(whole.getFirst()).run(whole.subList(1, whole.size()));
    }

    private static List<String> entering(Machine machine, String... command) {
        List<String> whole = new ArrayList<>(List.of("nsenter", "--net=/proc/" + machine.pid() + "/ns/net"));
        whole.addAll(Arrays.asList(command));
        return whole;
    }

    private Process spawn(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.push(process);
        return process;
    }

    @Override
    public void close() throws IOException {
        while (!processes.isEmpty()) {
            Process process = processes.pop();
            process.destroyForcibly().onExit().join();
            process.getInputStream().close();
            process.getOutputStream().close();
        }
        for (String link : links) {
            // With the other end's namespace the kernel removes it too, sooner or later.
            new ProcessBuilder("ip", "link", "del", "dev", link)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join();
        }
        links.clear();
    }
}
