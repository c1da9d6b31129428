package io.contree.testkit.leak;

/**
 * Platform threads: those that keep a JVM alive, except JUnit's own, and daemons called {@code contree*}. Virtual threads cannot
 * be listed, and other daemons are idle threads of pools.
 */
final class ThreadProbe implements Probe {
    @Override
    public String kind() {
        return "thread";
    }

    @Override
    public Sightings look() {
        Sightings seen = new Sightings();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if ((!thread.isDaemon() && !thread.getName().startsWith("junit-"))
                    || thread.getName().startsWith("contree")) {
                seen.add(thread.getName());
            }
        }
        return seen;
    }
}
