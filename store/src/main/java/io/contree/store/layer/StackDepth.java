package io.contree.store.layer;

import io.contree.store.LayerId;
import io.contree.store.disk.Layout;
import io.contree.store.disk.Pins;
import io.contree.store.disk.SharedContents;
import io.contree.store.manifest.Manifests;
import io.contree.store.state.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps stacks low by merging runs of layers, always the lightest one: so a layer of weight n is merged
 * about log n times in a chain of commits. Safe for use by several threads.
 */
public final class StackDepth {
    private static final Logger LOG = LoggerFactory.getLogger(StackDepth.class);
    private static final int REMEMBERED = 1024;

    private static final long WAIT_MILLIS = 10;

    /** Above any import, and below the 500 that overlayfs takes. */
    private static final int HIGHEST = 450;

    private final Layout layout;
    private final SharedContents contents;
    private final Manifests manifests;
    private final Pins pins;
    private final int most;
    private final int run;
    private final int highest;
    /** Branches of one deep image need the same runs on the same layers. */
    private final Map<Run, LayerId> merged = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Run, LayerId> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Those that are being merged, until they are or it failed. */
    private final Map<Run, CountDownLatch> beingMerged = new HashMap<>();

    private final AtomicInteger waiting = new AtomicInteger();

    /** Layers to merge; what they lie on decides what the merged layer holds. */
    private record Run(List<LayerId> below, List<LayerId> layers) {
        Run {
            below = List.copyOf(below);
            layers = List.copyOf(layers);
        }
    }

    /**
     * @param most layers of a stack that has been merged; a commit may make it twice as high until then
     * @param run how many of them are merged at once, at least 2
     */
    public StackDepth(Layout layout, SharedContents contents, Manifests manifests, Pins pins, int most, int run) {
        this.layout = layout;
        this.contents = contents;
        this.manifests = manifests;
        this.pins = pins;
        this.most = most;
        this.run = run;
        this.highest = Math.min(2 * most, HIGHEST);
    }

    /** Whether a stack has more layers than it is to have in the long run. */
    public boolean isHigh(List<LayerId> layers) {
        return layers.size() > most;
    }

    /** Whether work that could begin waits for a merge to end. */
    public boolean isWaitedFor() {
        return waiting.get() > 0;
    }

    /**
     * The stack that a commit records: with what is merged already in place of what it was made of. Merges only if it would
     * be too high to run on.
     *
     * @param lease holds pins on the layers and, on return, on those of the result too
     */
    public List<LayerId> bearable(List<LayerId> layers, Pins.Lease lease) throws IOException {
        return atMost(highest, withKnown(layers, lease), lease);
    }

    /** As {@link #bearable}, but merges until the stack is no longer {@link #isHigh high}. */
    public List<LayerId> bounded(List<LayerId> layers, Pins.Lease lease) throws IOException {
        return atMost(most, withKnown(layers, lease), lease);
    }

    private List<LayerId> atMost(int bound, List<LayerId> layers, Pins.Lease lease) throws IOException {
        List<LayerId> stack = layers;
        while (stack.size() > bound) {
            int start = cheapestRun(stack);
            LayerId layer = merged(runAt(stack, start), lease);
            stack = withKnown(replaced(stack, start, layer), lease);
        }
        return stack;
    }

    private List<LayerId> withKnown(List<LayerId> layers, Pins.Lease lease) {
        List<LayerId> stack = layers;
        for (int start = 0; isHigh(stack) && start + run < stack.size(); start++) {
            Optional<LayerId> known = known(runAt(stack, start), lease);
            if (known.isPresent()) {
                stack = replaced(stack, start, known.get());
                start = -1;
            }
        }
        return stack;
    }

    private Run runAt(List<LayerId> stack, int start) {
        return new Run(stack.subList(0, start), stack.subList(start, start + run));
    }

    private List<LayerId> replaced(List<LayerId> stack, int start, LayerId merged) {
        List<LayerId> shorter = new ArrayList<>(stack.subList(0, start));
        shorter.add(merged);
        shorter.addAll(stack.subList(start + run, stack.size()));
        return shorter;
    }

    private int cheapestRun(List<LayerId> stack) {
        int best = 0;
        long least = Long.MAX_VALUE;
        long weight = 0;
        // The top layer is the commit in progress: its siblings can use a run without it too.
        for (int end = 1; end < stack.size(); end++) {
            weight += manifests.of(stack.get(end - 1)).weight();
            int start = end - run;
            if (start > 0) {
                weight -= manifests.of(stack.get(start - 1)).weight();
            }
            if (start >= 0 && weight < least) {
                least = weight;
                best = start;
            }
        }
        return best;
    }

    private LayerId merged(Run wanted, Pins.Lease lease) throws IOException {
        while (true) {
            Optional<LayerId> known = known(wanted, lease);
            if (known.isPresent()) {
                return known.get();
            }
            CountDownLatch mine = new CountDownLatch(1);
            CountDownLatch other;
            synchronized (beingMerged) {
                other = beingMerged.putIfAbsent(wanted, mine);
            }
            if (other == null) {
                try {
                    return merge(wanted, lease);
                } finally {
                    synchronized (beingMerged) {
                        beingMerged.remove(wanted);
                    }
                    mine.countDown();
                }
            }
            await(other);
        }
    }

    private void await(CountDownLatch end) {
        waiting.incrementAndGet();
        boolean interrupted = false;
        try {
            while (end.getCount() > 0) {
                Checkpoint.pass();
                try {
                    end.await(WAIT_MILLIS, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    interrupted = true; // as it would be if this thread merged itself
                }
            }
        } finally {
            waiting.decrementAndGet();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Optional<LayerId> known(Run wanted, Pins.Lease lease) {
        LayerId layer;
        synchronized (merged) {
            layer = merged.get(wanted);
        }
        if (layer == null) {
            return Optional.empty();
        }
        lease.add(layer);
        if (Files.exists(layout.layer(layer).directory())) {
            return Optional.of(layer);
        }
        // Its image was never recorded, or is gone: a sweep has removed it.
        synchronized (merged) {
            merged.remove(wanted, layer);
        }
        return Optional.empty();
    }

    private LayerId merge(Run wanted, Pins.Lease lease) throws IOException {
        try (LayerDraft draft = new LayerDraft(layout, contents, pins, List.of())) {
            lease.add(draft.id());
            int entries = LayerMerge.merge(layout, manifests, wanted.below(), wanted.layers(), draft);
            draft.publish(entries);
            synchronized (merged) {
                merged.put(wanted, draft.id());
            }
            LOG.debug(
                    "merged {} layers with {} entries into {}", wanted.layers().size(), entries, draft.id());
            return draft.id();
        }
    }
}
