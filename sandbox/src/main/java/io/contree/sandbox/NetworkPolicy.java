package io.contree.sandbox;

/** What a sandbox reaches; whoever enforces it has a case for each, which the compiler asks for. */
public sealed interface NetworkPolicy {
    /** Its own loopback interface. */
    record None() implements NetworkPolicy {}

    /** The public Internet too, and the networks that the server's settings allow. */
    record Internet() implements NetworkPolicy {}
}
