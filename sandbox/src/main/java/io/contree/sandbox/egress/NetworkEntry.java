package io.contree.sandbox.egress;

/** How a sandbox gets into its network. */
public enum NetworkEntry {
    /** It joins a network namespace that was made before it, by a path. */
    BY_PATH,
    /** It has made its own, into which a cable is laid. */
    BY_CABLE
}
