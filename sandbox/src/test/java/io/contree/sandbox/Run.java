package io.contree.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Short forms of what tests run. */
public final class Run {
    private static final Map<String, String> ENV = Map.of("PATH", "/bin", "HOME", "/root");

    private Run() {}

    public static ProcessSpec command(String... argv) {
        return new ProcessSpec(List.of(argv), ENV, "/", ProcessUser.ROOT, Duration.ZERO, Duration.ZERO, 1 << 20, false);
    }

    public static ProcessSpec shell(String script) {
        return command("sh", "-c", script);
    }

    public static ProcessSpec withStdin(ProcessSpec spec) {
        return new ProcessSpec(
                spec.argv(),
                spec.env(),
                spec.cwd(),
                spec.user(),
                spec.timeout(),
                spec.grace(),
                spec.outputLimit(),
                true);
    }

    public static ProcessSpec as(int uid, ProcessSpec spec) {
        return as(ProcessUser.of(uid, uid), spec.env(), spec);
    }

    public static ProcessSpec as(ProcessUser user, Map<String, String> env, ProcessSpec spec) {
        return new ProcessSpec(
                spec.argv(), env, spec.cwd(), user, spec.timeout(), spec.grace(), spec.outputLimit(), spec.stdinOpen());
    }

    public static ProcessSpec in(String cwd, ProcessSpec spec) {
        return new ProcessSpec(
                spec.argv(), spec.env(), cwd, spec.user(), spec.timeout(), spec.grace(), spec.outputLimit(), false);
    }

    public static ProcessSpec limited(ProcessSpec spec, Duration timeout, long outputLimit) {
        return new ProcessSpec(
                spec.argv(), spec.env(), spec.cwd(), spec.user(), timeout, spec.grace(), outputLimit, false);
    }

    /** What it leaves behind has so much time. */
    public static ProcessSpec leaving(Duration grace, ProcessSpec spec) {
        return new ProcessSpec(
                spec.argv(),
                spec.env(),
                spec.cwd(),
                spec.user(),
                spec.timeout(),
                grace,
                spec.outputLimit(),
                spec.stdinOpen());
    }

    /** Runs a script as the main process of a sandbox and waits for both to end. */
    public static Recorder main(Sandbox sandbox, ProcessSpec spec) throws InterruptedException {
        Recorder recorder = new Recorder();
        sandbox.spawn(spec, recorder);
        recorder.exit();
        if (!sandbox.awaitEnd(Duration.ofSeconds(30))) {
            throw new AssertionError("the sandbox does not end");
        }
        return recorder;
    }
}
