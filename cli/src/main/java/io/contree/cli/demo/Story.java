package io.contree.cli.demo;

import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.RunResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Installs something, branches, undoes, goes back; and checks that every UUID says what it should. */
final class Story {
    private static final int SHOWN_CHANGES = 3;

    private final Contree contree;
    private final List<Claim> claims = new ArrayList<>();

    Story(Contree contree) {
        this.contree = contree;
    }

    /** What was promised and seen, after {@link #tell}. */
    List<Claim> claims() {
        return List.copyOf(claims);
    }

    /** Plays the story on a base image and adds its runs below that node. */
    void tell(Node base) throws InterruptedException {
        Image start = contree.images().use(base.image());
        Node installed = step(start, base, "install", "mkdir /app && echo hello > /app/greeting");
        Image app = image(installed);

        List<Node> branches = branch(app, installed);
        Node first = branches.get(0);
        Node second = branches.get(1);

        Node looked = step(image(second), second, "only look", "cat /app/greeting; touch /tmp/x && rm /tmp/x");
        Node undone = step(image(first), first, "undo", "rm /app/one");
        Node back = step(app, installed, "go back", "grep -qx hello /app/greeting && ! ls /app/one");

        claim("three branches of one state are three states", distinct(branches), "all UUIDs differ");
        claimSame("a command that changes nothing keeps the UUID", looked, second);
        claimSame("undoing a change gives the old UUID back", undone, installed);
        claimSame("a state that others branched from is as it was", back, installed);
        twins(app, installed, first);
    }

    /** Two branches that write the same bytes at different times. */
    private void twins(Image app, Node installed, Node first) {
        Node twin = step(app, installed, "same bytes", first.command());
        String digest = contree.images().find(first.image().toString()).contentDigest();
        boolean sameContent =
                contree.images().find(twin.image().toString()).contentDigest().equals(digest);
        claim(
                "the same bytes at another time: another UUID, the same content digest",
                sameContent && !twin.image().equals(first.image()),
                digest.length() > 19 ? digest.substring(0, 19) + "…" : digest);
    }

    private List<Node> branch(Image app, Node installed) throws InterruptedException {
        List<Future<Node>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            running.add(threads.submit(() -> run(app, "branch 1", "echo 1 > /app/one")));
            running.add(threads.submit(() -> run(app, "branch 2", "sed -i s/hello/bonjour/ /app/greeting")));
            running.add(threads.submit(() -> run(app, "branch 3", "mv /app /opt && chmod 700 /opt")));
        }
        List<Node> branches = new ArrayList<>();
        for (Future<Node> branch : running) {
            try {
                branches.add(branch.get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException(e);
            }
        }
        branches.forEach(installed::add);
        return branches;
    }

    private Node step(Image from, Node parent, String title, String command) {
        Node node = run(from, title, command);
        parent.add(node);
        return node;
    }

    private Node run(Image from, String title, String command) {
        long start = System.nanoTime();
        RunResult result = from.shell(command).execute();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (!result.succeeded()) {
            claim("\"" + command + "\" succeeds", false, "exit code " + result.exitCode() + ": " + result.stderr());
        }
        Image next = result.image();
        return new Node(title, command, next.uuid(), took, next.changesSince(from, SHOWN_CHANGES), new ArrayList<>());
    }

    private Image image(Node node) {
        return contree.images().use(node.image());
    }

    private static boolean distinct(List<Node> nodes) {
        Set<UUID> images = new java.util.HashSet<>();
        nodes.forEach(node -> images.add(node.image()));
        return images.size() == nodes.size();
    }

    private void claimSame(String promise, Node one, Node other) {
        claim(promise, one.image().equals(other.image()), Names.of(one.image()) + " = " + Names.of(other.image()));
    }

    private synchronized void claim(String promise, boolean held, String evidence) {
        claims.add(new Claim(promise, held, evidence));
    }
}
