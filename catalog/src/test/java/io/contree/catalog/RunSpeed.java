package io.contree.catalog;

import io.contree.api.SpawnRequest;
import java.util.Arrays;
import java.util.UUID;

/** Measures state-keeping runs of {@code true} on the real store and runtime; run by hand, as root. */
final class RunSpeed {
    private static final int RUNS = 200;

    private RunSpeed() {}

    public static void main(String[] args) throws Exception {
        try (RealMachine machine = new RealMachine(4)) {
            for (int round = 0; round < 3; round++) {
                measure(machine);
            }
        }
    }

    private static void measure(RealMachine machine) throws InterruptedException {
        double[] whole = new double[RUNS];
        double[] accept = new double[RUNS];
        SpawnRequest request = RealMachine.shell(machine.base, "true", 60);
        for (int i = 0; i < RUNS; i++) {
            long start = System.nanoTime();
            UUID operation = machine.start(request);
            accept[i] = (System.nanoTime() - start) / 1e6;
            if (!machine.engine.operations().awaitEnd(machine.caller, operation, RealMachine.LONG)) {
                throw new AssertionError("operation " + operation + " does not end");
            }
            whole[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(whole);
        Arrays.sort(accept);
        System.out.printf(
                "run of true: p50 %.2f ms, p90 %.2f ms; its acceptance alone: p50 %.2f ms, p90 %.2f ms%n",
                whole[RUNS / 2], whole[RUNS * 9 / 10], accept[RUNS / 2], accept[RUNS * 9 / 10]);
    }
}
