package io.contree.testkit;

import io.contree.testkit.leak.Probe;
import io.contree.testkit.leak.Sightings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Fails a test class that leaves something behind: processes, overlay mounts, cgroups, network namespaces and devices, temporary
 * directories, threads or open files. Use it with {@code @ExtendWith}, with {@link LeakChecked} where classes run side by side,
 * or for all classes by setting {@code junit.jupiter.extensions.autodetection.enabled}; or watch a part of a test with
 * {@link #watch}.
 *
 * <p>What ends by itself within a few seconds is not a leak. What belongs to another JVM that runs tests at the same time
 * is left out as far as can be told.
 */
public final class LeakChecker implements BeforeAllCallback, AfterAllCallback {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** What was there when watching began. */
    public static final class Watch {
        private final List<Probe> probes = Probe.all();
        private final List<Sightings> before = new ArrayList<>();

        private Watch() throws IOException {
            for (Probe probe : probes) {
                before.add(probe.look());
            }
        }

        /**
         * What is there now and was not then, one line each, after waiting up to {@code grace} for it to end.
         */
        public List<String> leaks(Duration grace) throws IOException, InterruptedException {
            long deadline = System.nanoTime() + grace.toNanos();
            List<String> leaks = leaks();
            while (!leaks.isEmpty() && System.nanoTime() < deadline) {
                Thread.sleep(PAUSE);
                leaks = leaks();
            }
            return leaks;
        }

        private List<String> leaks() throws IOException {
            List<String> leaks = new ArrayList<>();
            for (int i = 0; i < probes.size(); i++) {
                Probe probe = probes.get(i);
                for (String more : probe.look().beyond(before.get(i))) {
                    leaks.add(probe.kind() + ": " + more);
                }
            }
            return leaks;
        }
    }

    /** Begins to watch. */
    public static Watch watch() throws IOException {
        return new Watch();
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        if (areSideBySide(context) && !AnnotationSupport.isAnnotated(context.getRequiredTestClass(), Isolated.class)) {
            throw new IllegalStateException(context.getDisplayName()
                    + " would be blamed for what classes beside it have open; use @LeakChecked, which runs it alone");
        }
        store(context).put(Watch.class, watch());
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException, InterruptedException {
        Watch watch = store(context).remove(Watch.class, Watch.class);
        List<String> leaks = watch == null ? List.of() : watch.leaks(GRACE);
        if (!leaks.isEmpty()) {
            throw new AssertionError(context.getDisplayName() + " left behind:\n  " + String.join("\n  ", leaks));
        }
    }

    private static boolean areSideBySide(ExtensionContext context) {
        return context.getConfigurationParameter("junit.jupiter.execution.parallel.enabled")
                .map(Boolean::parseBoolean)
                .orElse(false);
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(ExtensionContext.Namespace.create(LeakChecker.class, context.getUniqueId()));
    }
}
