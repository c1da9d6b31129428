package io.contree.cli.demo;

import io.contree.cli.terminal.Style;
import io.contree.sdk.Contree;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Plays the demo on a server and shows it. */
public final class Performance {
    private final PrintStream out;
    private final Style style;

    /**
     * @param interactive whether a person looks at a terminal, and gets colours
     */
    public Performance(PrintStream out, boolean interactive) {
        this.out = out;
        this.style = Style.of(interactive);
    }

    /**
     * Plays it.
     *
     * @param workshop a directory for what the base image is made of
     * @return whether every claim held
     */
    public boolean play(Contree contree, BaseImage source, Path workshop) throws InterruptedException {
        long start = System.nanoTime();
        BaseImage.Found found = source.obtain(contree, workshop);
        Node base = Node.base("base", found.image().uuid(), Duration.ofNanos(System.nanoTime() - start));
        out.println(style.faint("base: " + found.origin()));
        out.println();
        Story story = new Story(contree);
        story.tell(base);
        new Drawing(style).draw(base).forEach(out::println);
        out.println();
        story.claims().forEach(claim -> out.println(line(claim)));
        out.println(style.faint(summary(base)));
        return story.claims().stream().allMatch(Claim::held);
    }

    private String line(Claim claim) {
        String mark = claim.held() ? style.good("✓") : style.bad("✗ NOT SO:");
        return mark + " " + claim.promise() + style.faint("  (" + claim.evidence() + ")");
    }

    private static String summary(Node base) {
        List<Duration> times = new ArrayList<>();
        collect(base, times);
        times.sort(Duration::compareTo);
        return times.size() + " runs, " + times.get(times.size() / 2).toMillis() + " ms each at the median";
    }

    private static void collect(Node node, List<Duration> times) {
        for (Node next : node.next()) {
            times.add(next.took());
            collect(next, times);
        }
    }
}
