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
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps stacks low by merging runs of layers: always those that cost least for each layer less, among runs of which no layer weighs
 * more than all others. So each merge makes a layer at least twice as heavy, and a layer of a chain of n commits is merged log n
 * times at most, and far less often where many are merged at once. Safe for use by several threads.
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
    private final Predicate<LayerId> sound;
    private final int most;
    private final int least;
    private final int highest;
    /**
     * By the stack that ends with the merged run, and where that starts: branches of one deep image need the same runs on the same
     * layers.
     */
    private final Map<List<LayerId>, Map<Integer, LayerId>> merged = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<LayerId>, Map<Integer, LayerId>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Those that are being merged, until they are or it failed. */
    private final Map<Run, CountDownLatch> beingMerged = new HashMap<>();

    private final AtomicInteger waiting = new AtomicInteger();

    /** The layers from {@code start} on, to be merged; what they lie on decides what the merged layer holds. */
    private record Run(List<LayerId> stack, int start) {
        Run {
            stack = List.copyOf(stack);
        }

        List<LayerId> below() {
            return stack.subList(0, start);
        }

        List<LayerId> layers() {
            return stack.subList(start, stack.size());
        }
    }

    /**
     * @param sound whether a layer may be used that was merged before
     * @param most layers of a stack that has been merged; a commit may make it twice as high until then
     * @param least how many of them are merged at once, from 2 to {@code most}
     */
    public StackDepth(
            Layout layout,
            SharedContents contents,
            Manifests manifests,
            Pins pins,
            Predicate<LayerId> sound,
            int most,
            int least) {
        this.layout = layout;
        this.contents = contents;
        this.manifests = manifests;
        this.pins = pins;
        this.sound = sound;
        this.most = most;
        this.least = least;
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
            Run run = cheapestRun(stack);
            stack = withKnown(replaced(stack, run, merged(run, lease)), lease);
        }
        return stack;
    }

    private List<LayerId> withKnown(List<LayerId> layers, Pins.Lease lease) {
        List<LayerId> stack = layers;
        int end = least;
        // The top layer is the commit in progress: its siblings can use a run without it too.
        while (isHigh(stack) && end < stack.size()) {
            Optional<Run> known = knownRun(stack.subList(0, end));
            Optional<LayerId> layer = known.flatMap(run -> known(run, lease));
            if (layer.isPresent()) {
                stack = replaced(stack, known.get(), layer.get());
                end = least;
            } else {
                end++;
            }
        }
        return stack;
    }

    /** The longest run that ends a stack and has been merged. */
    private Optional<Run> knownRun(List<LayerId> stack) {
        synchronized (merged) {
            return Optional.ofNullable(merged.get(stack))
                    .flatMap(runs -> runs.keySet().stream().min(Integer::compare))
                    .map(start -> new Run(stack, start));
        }
    }

    private static List<LayerId> replaced(List<LayerId> stack, Run run, LayerId merged) {
        List<LayerId> shorter = new ArrayList<>(run.below());
        shorter.add(merged);
        shorter.addAll(stack.subList(run.stack().size(), stack.size()));
        return shorter;
    }

    private Run cheapestRun(List<LayerId> stack) {
        int top = stack.size() - 1;
        long[] weights = stack.subList(0, top).stream()
                .mapToLong(layer -> manifests.of(layer).weight())
                .toArray();
        Run best = new Run(stack.subList(0, top), 0);
        double lowest = Double.MAX_VALUE;
        boolean balanced = false;
        for (int start = 0; start + least <= top; start++) {
            long weight = 0;
            long heaviest = 0;
            for (int end = start + 1; end <= top; end++) {
                weight += weights[end - 1];
                heaviest = Math.max(heaviest, weights[end - 1]);
                if (end - start < least) {
                    continue;
                }
                boolean balances = 2 * heaviest <= weight;
                // One that is not balanced copies a heavy layer for little, which only counts where all do.
                double cost = balances ? (double) weight / (end - start - 1) : weight;
                if ((balances && !balanced) || (balances == balanced && cost < lowest)) {
                    balanced = balances;
                    lowest = cost;
                    best = new Run(stack.subList(0, end), start);
                }
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
            layer = merged.getOrDefault(wanted.stack(), Map.of()).get(wanted.start());
        }
        if (layer == null) {
            return Optional.empty();
        }
        lease.add(layer);
        if (Files.exists(layout.layer(layer).directory()) && sound.test(layer)) {
            return Optional.of(layer);
        }
        // It is damaged, or its image was never recorded or is gone: a sweep has removed it.
        synchronized (merged) {
            Map<Integer, LayerId> runs = merged.get(wanted.stack());
            if (runs != null && runs.remove(wanted.start(), layer) && runs.isEmpty()) {
                merged.remove(wanted.stack());
            }
        }
        return Optional.empty();
    }

    private LayerId merge(Run wanted, Pins.Lease lease) throws IOException {
        try (LayerDraft draft = new LayerDraft(layout, contents, pins, List.of())) {
            lease.add(draft.id());
            int entries = LayerMerge.merge(layout, manifests, wanted.below(), wanted.layers(), draft);
            draft.publish(entries);
            synchronized (merged) {
                merged.computeIfAbsent(wanted.stack(), stack -> new HashMap<>()).put(wanted.start(), draft.id());
            }
            LOG.debug(
                    "merged {} layers with {} entries into {}", wanted.layers().size(), entries, draft.id());
            return draft.id();
        }
    }
}
