package io.contree.bench.work;

import io.contree.bench.figure.Samples;
import io.contree.bench.peer.PythonPeer;
import io.contree.bench.server.MeasuredServer;
import java.io.IOException;
import java.util.List;

/** The official Python SDK beside raw HTTP. */
final class PythonWork implements Benchmark {
    @Override
    public String name() {
        return "python";
    }

    @Override
    public String about() {
        return "`image.run(shell=\"true\", disposable=False).wait()` of contree-sdk in a warm interpreter, beside raw HTTP";
    }

    @Override
    public void measure(Bed bed) throws Exception {
        PythonPeer python;
        try {
            python = PythonPeer.install();
        } catch (IOException e) {
            bed.figures().skip("Python SDK", e);
            return;
        }
        int rounds = bed.count(200, 30);
        for (MeasuredServer server : bed.servers()) {
            double median =
                    python.medianMillis(server.process().uri(), server.process().token(), server.image(), rounds);
            Samples raw = Samples.of(5, rounds, () -> server.run("true"));
            bed.figures().add("a run by a client", server.name() + ", raw HTTP", raw);
            bed.figures().add("a run by a client", server.name() + ", Python SDK", Samples.of(List.of(median)));
            bed.figures().ratio("a run by a client", server.name() + ", Python SDK", "raw HTTP", median / raw.median());
        }
    }
}
