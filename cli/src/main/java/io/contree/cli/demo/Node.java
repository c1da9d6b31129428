package io.contree.cli.demo;

import io.contree.sdk.Changes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A state of the story: how it was reached, what it took, and where it led.
 *
 * @param title what happened, in a few words
 * @param command what was run; empty for the base
 * @param image the state after it
 * @param took from asking to having the result
 * @param changes what differs from the state before
 * @param next the runs that started from here, in the order of the story
 */
record Node(String title, String command, UUID image, Duration took, Changes changes, List<Node> next) {
    static Node base(String title, UUID image, Duration took) {
        return new Node(title, "", image, took, new Changes(List.of(), 0), new ArrayList<>());
    }

    void add(Node node) {
        next.add(node);
    }
}
