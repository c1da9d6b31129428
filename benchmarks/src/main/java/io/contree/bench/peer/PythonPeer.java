package io.contree.bench.peer;

import io.contree.bench.machine.Programs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The official Python SDK's {@code run(shell="true").wait()}, timed inside one interpreter. */
public final class PythonPeer {
    private static final String SDK = "contree-sdk==0.3.6";

    private static final String SCRIPT = """
            import sys, time
            from contree_sdk import ContreeSync
            url, token, image, rounds = sys.argv[1:]
            image = ContreeSync(base_url=url, token=token).images.use(image)
            times = []
            for n in range(int(rounds) + 3):
                start = time.perf_counter()
                image.run(shell="true", disposable=False).wait()
                times.append((time.perf_counter() - start) * 1000)
            times = sorted(times[3:])
            print(times[len(times) // 2])
            """;

    private final Path python;

    private PythonPeer(Path python) {
        this.python = python;
    }

    /** Makes the virtual environment if it is not there yet. */
    public static PythonPeer install() throws IOException, InterruptedException {
        Path venv = Path.of(System.getProperty("user.home"), ".cache", "contree", "venv", SDK.replace("==", "__"));
        Path python = venv.resolve("bin/python");
        if (!Files.exists(venv.resolve("complete"))) {
            Programs.run(List.of("python3", "-m", "venv", "--clear", venv.toString()));
            Programs.run(List.of(python.toString(), "-m", "pip", "install", "-q", SDK));
            Files.createFile(venv.resolve("complete"));
        }
        return new PythonPeer(python);
    }

    /** The median of a run in milliseconds. */
    public double medianMillis(URI uri, String token, String image, int rounds)
            throws IOException, InterruptedException {
        return Double.parseDouble(Programs.output(List.of(
                        python.toString(), "-c", SCRIPT, uri.toString(), token, image, Integer.toString(rounds)))
                .strip());
    }
}
