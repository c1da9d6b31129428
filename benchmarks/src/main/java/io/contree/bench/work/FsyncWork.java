package io.contree.bench.work;

/** A command that brings a small file to disk again and again, as databases and package managers do. */
final class FsyncWork implements Benchmark {
    private static final String SCRIPT =
            "i=0; while [ $i -lt 200 ]; do dd if=/dev/zero of=/tmp/file bs=4k count=1 conv=fsync 2>/dev/null || exit 1; i=$((i+1)); done";

    @Override
    public String name() {
        return "fsync";
    }

    @Override
    public String about() {
        return "200 times a small file written and brought to disk; a server does that once, with the commit, and counts that in";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        bed.compareRuns("200 fsyncs", 1, bed.count(20, 3), SCRIPT);
    }
}
