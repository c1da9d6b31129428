package io.contree.sandbox;

/**
 * What a sandbox reaches. Another kind, such as some hosts only, is enforced in {@link Networks}, which has to name all of them.
 */
public sealed interface NetworkPolicy {
    /** Its own loopback interface. */
    record None() implements NetworkPolicy {}

    /** The public Internet too, and the networks that the server's settings allow. */
    record Internet() implements NetworkPolicy {}
}
