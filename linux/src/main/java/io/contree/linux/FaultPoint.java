package io.contree.linux;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * Named moments between two steps that must be safe to end at, where a test lets the process die, or the next step fail as a
 * full or broken disk makes it. Nothing happens in a server: no point is armed.
 */
public final class FaultPoint {
    /** The exit code of a process that died at a point. */
    public static final int DIED = 137;

    private static volatile @Nullable Armed armed;
    private static volatile @Nullable Set<String> reached;

    /** What happens, and at which reach it does. */
    private static final class Armed {
        private final String name;
        private final @Nullable Errno errno;
        private int left;

        Armed(String name, @Nullable Errno errno, int nth) {
            this.name = name;
            this.errno = errno;
            this.left = nth;
        }

        synchronized boolean isDue(String at) {
            return name.equals(at) && --left == 0;
        }
    }

    private FaultPoint() {}

    /** Lets the process die when a point is reached for the nth time; no hook or buffer is run or written then. */
    public static void armDeath(String name, int nth) {
        armed = new Armed(name, null, nth);
    }

    /** Lets the step after a point fail with an errno when it is reached for the nth time. */
    public static void armFailure(String name, Errno errno, int nth) {
        armed = new Armed(name, errno, nth);
    }

    public static void disarm() {
        armed = null;
    }

    /** The points that are reached from now on, in a set that grows. */
    public static Set<String> record() {
        Set<String> names = new ConcurrentSkipListSet<>();
        reached = names;
        return names;
    }

    /** A point whose next step may fail. */
    public static void reach(String name) throws LinuxException {
        Errno errno = due(name);
        if (errno != null) {
            throw new LinuxException("fault", name, errno.number());
        }
    }

    /** A point whose next step cannot fail, or has happened: the process may die there. */
    public static void pass(String name) {
        due(name);
    }

    private static @Nullable Errno due(String name) {
        Set<String> names = reached;
        if (names != null) {
            names.add(name);
        }
        Armed fault = armed;
        if (fault == null || !fault.isDue(name)) {
            return null;
        }
        if (fault.errno == null) {
            Runtime.getRuntime().halt(DIED);
        }
        return fault.errno;
    }
}
