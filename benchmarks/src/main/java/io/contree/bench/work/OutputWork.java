package io.contree.bench.work;

/** A command that prints very much, of which a server keeps the first part. */
final class OutputWork implements Benchmark {
    @Override
    public String name() {
        return "output";
    }

    @Override
    public String about() {
        return "1 GB of output, of which a server keeps 1 MiB; the peers' goes to /dev/null";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        String megabytes = Integer.toString(bed.count(1000, 100));
        bed.compareRuns(megabytes + " MB of output", 1, bed.count(5, 1), "head -c " + megabytes + "000000 /dev/zero");
    }
}
