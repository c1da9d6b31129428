package io.contree.conformance;

import io.contree.testkit.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A tree on this machine's disk as one long-lived machine: each step is a program in a chroot there, in which it has processes and a
 * network of its own, so that all that it started ends with it.
 */
record PlainMachine(Path root) {
    private static final String ENTER = """
        root=$1; shift
        mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev"
        exec chroot "$root" /walker "$@"
        """;

    /** Runs the walker, which lies in the tree's root, in a directory of the tree. */
    String walk(String directory, List<String> step) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--net", "--ipc"));
        arguments.addAll(List.of("sh", "-euc", ENTER, "sh", root.toString(), directory));
        arguments.addAll(step);
        return new Program("unshare").run(arguments);
    }
}
