package io.contree.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code contree warm-up}: loads what most commands need; the build records it for quick starts. */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return ExitCode.OK;
    }
}
