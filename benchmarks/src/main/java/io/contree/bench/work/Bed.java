package io.contree.bench.work;

import io.contree.bench.figure.Figures;
import io.contree.bench.figure.Samples;
import io.contree.bench.machine.Programs;
import io.contree.bench.peer.ContainerEngine;
import io.contree.bench.peer.Peer;
import io.contree.bench.peer.PlainCrun;
import io.contree.bench.server.MeasuredServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What benchmarks work with, all of it started.
 *
 * @param quick whether a few rounds are enough
 * @param depth how long a chain of runs is
 * @param home a directory for what they make, removed after all of them
 * @param root a root directory of busybox, which servers and peers have as an image
 * @param contree the command that users start
 * @param servers what is measured, at least one
 * @param serverOptions what servers are started with
 */
public record Bed(
        Figures figures,
        boolean quick,
        int depth,
        Path home,
        Path root,
        List<String> contree,
        List<MeasuredServer> servers,
        List<String> serverOptions,
        PlainCrun crun,
        List<ContainerEngine> engines,
        Map<String, String> engineImages) {
    /** How often something is done. */
    int count(int full, int few) {
        return quick ? few : full;
    }

    /** All peers that can run a command. */
    List<Peer> peers() {
        List<Peer> peers = new ArrayList<>(List.of(crun));
        peers.addAll(engines);
        return peers;
    }

    /** The image of a peer that is made of {@link #root}. */
    String image(Peer peer) throws IOException, InterruptedException {
        return image(peer, root);
    }

    /** The image of a peer that is made of some root, which is made once. */
    String image(Peer peer, Path made) throws IOException, InterruptedException {
        String key = peer.name() + " " + made;
        String image = engineImages.get(key);
        if (image == null) {
            image = peer.image(made);
            engineImages.put(key, image);
        }
        return image;
    }

    /** Runs a command by a peer on {@link #root}, thrown away. */
    Samples.Work by(Peer peer, String shell) throws IOException, InterruptedException {
        String image = image(peer);
        return () -> Programs.run(peer.command(image, shell));
    }

    /** Runs a command by each server, which keeps its state, and by each peer, which does not; compares them. */
    void compareRuns(String thing, int warmUp, int rounds, String shell) throws Exception {
        Map<String, Samples.Work> works = new LinkedHashMap<>();
        for (MeasuredServer server : servers) {
            works.put(server.name(), () -> server.run(shell));
        }
        for (Peer peer : peers()) {
            works.put(peer.name(), by(peer, shell));
        }
        compare(thing, warmUp, rounds, works);
    }

    /** Does the same by several systems in turn, the servers first, and compares them. */
    void compare(String thing, int warmUp, int rounds, Map<String, Samples.Work> works) throws Exception {
        figures.compare(thing, servers.size(), measure(warmUp, rounds, works));
    }

    static Map<String, Samples> measure(int warmUp, int rounds, Map<String, Samples.Work> works) throws Exception {
        List<Samples> samples = Samples.inTurn(warmUp, rounds, List.copyOf(works.values()));
        Map<String, Samples> byName = new LinkedHashMap<>();
        int next = 0;
        for (String name : works.keySet()) {
            byName.put(name, samples.get(next++));
        }
        return byName;
    }
}
