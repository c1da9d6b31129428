package io.contree.bench;

import io.contree.bench.work.Benchmark;
import io.contree.bench.work.Benchmarks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What the bench is asked for.
 *
 * @param benchmarks in the order in which they are done
 * @param depth how long a chain of runs is
 * @param runtimes those of the servers, one each; an empty name for what a server takes by itself
 * @param peers which engines are compared with, where they can be started
 * @param data below which directory servers keep their data
 * @param write whether the page of the project gets the figures
 * @param serverOptions for every server
 */
record BenchOptions(
        List<Benchmark> benchmarks,
        boolean quick,
        int depth,
        List<String> runtimes,
        List<String> peers,
        Path data,
        Optional<Path> json,
        boolean write,
        List<String> serverOptions) {
    private static final int DEPTH = 1000;
    private static final int QUICK_DEPTH = 40;

    static final String USAGE = """
            usage: ./bench [--quick] [NAME...] [OPTION...] [-- SERVER-OPTION...]
                   ./bench sdk [RUNS]                     the Java client

            --quick            few rounds; without names only those that take seconds
            --runtime A,B      servers with these runtimes, side by side
            --peers A,B        podman, docker: installed for it where they are missing, and removed again
            --depth N          how long the chain of "depth" is
            --data DIR         where servers keep their data, such as on another disk
            --json FILE        where the figures go (target/bench/figures.json)
            --write            the figures go into docs/benchmarks.md

            """;

    /** Without those that are mistakes. */
    static String usage() {
        StringBuilder usage = new StringBuilder(USAGE);
        for (Benchmark benchmark : Benchmarks.all()) {
            usage.append("%-12s %s%n".formatted(benchmark.name(), benchmark.about()));
        }
        return usage.toString();
    }

    /** @throws IllegalArgumentException saying what is wrong */
    static BenchOptions parse(List<String> arguments) {
        Reading reading = new Reading();
        Iterator<String> left = arguments.iterator();
        while (left.hasNext()) {
            String argument = left.next();
            if (argument.equals("--")) {
                left.forEachRemaining(reading.serverOptions::add);
            } else {
                reading.read(argument, left);
            }
        }
        return reading.options();
    }

    /** What was read so far. */
    private static final class Reading {
        private final List<Benchmark> named = new ArrayList<>();
        private final List<String> serverOptions = new ArrayList<>();
        private boolean quick;
        private boolean write;
        private int depth;
        private List<String> runtimes = List.of("");
        private List<String> peers = List.of("podman", "docker");
        private Path data = Path.of("/tmp");
        private Optional<Path> json = Optional.empty();

        private void read(String argument, Iterator<String> left) {
            switch (argument) {
                case "--quick" -> quick = true;
                case "--write" -> write = true;
                case "--depth" -> depth = number(value(argument, left));
                case "--runtime" -> runtimes = List.of(value(argument, left).split(","));
                case "--peers" -> peers = peers(value(argument, left));
                case "--data" -> data = Path.of(value(argument, left)).toAbsolutePath();
                case "--json" -> json = Optional.of(Path.of(value(argument, left)));
                default ->
                    named.add(Benchmarks.named(argument)
                            .orElseThrow(
                                    () -> new IllegalArgumentException("there is no benchmark \"" + argument + "\"")));
            }
        }

        private static String value(String option, Iterator<String> left) {
            if (!left.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            return left.next();
        }

        private static int number(String text) {
            if (!text.matches("[1-9][0-9]{1,6}")) {
                throw new IllegalArgumentException("--depth needs a number from 10 to 9999999, not \"" + text + "\"");
            }
            return Integer.parseInt(text);
        }

        private static List<String> peers(String text) {
            List<String> peers = text.isEmpty() ? List.of() : List.of(text.split(","));
            for (String peer : peers) {
                if (!peer.equals("podman") && !peer.equals("docker")) {
                    throw new IllegalArgumentException("--peers knows podman and docker, not \"" + peer + "\"");
                }
            }
            return peers;
        }

        private BenchOptions options() {
            List<Benchmark> chosen = quick ? Benchmarks.quick() : Benchmarks.all();
            return new BenchOptions(
                    named.isEmpty() ? chosen : List.copyOf(named),
                    quick,
                    depth > 0 ? depth : quick ? QUICK_DEPTH : DEPTH,
                    runtimes,
                    peers,
                    data,
                    json,
                    write,
                    List.copyOf(serverOptions));
        }
    }
}
