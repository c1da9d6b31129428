package io.contree.testkit;

import io.contree.testkit.leak.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Reports in {@code target/run-reports} what Maven's reports leave out: a class that was skipped as a whole, a run of tests
 * that did not finish, and processes that outlived their tests. Those are killed, or they would hold the pipes that Maven
 * reads; so is a run in which nothing happens for 20 minutes. JUnit finds this listener by itself wherever the testkit is;
 * without Maven it does nothing.
 */
public final class RunReports implements TestExecutionListener {
    // Tests run tests too: only the outermost run is Maven's.
    private static final AtomicInteger DEPTH = new AtomicInteger();

    /** A little more than a test has. */
    private static final Duration PATIENCE =
            Duration.ofSeconds(Long.getLong("contree.testkit.patience", 60 * (Long.getLong("test.minutes", 15) + 5)));

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int HUNG = 3;

    private final Optional<Path> module;
    private volatile String lastSign = "";
    private volatile long lastSignAt = System.nanoTime();
    private final String run = Long.toString(ProcessHandle.current().pid());

    /** For JUnit; the module is the one that Maven tests. */
    public RunReports() {
        this(Optional.ofNullable(System.getProperty("basedir")).map(Path::of));
    }

    private RunReports(Optional<Path> module) {
        this.module = module;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        if (DEPTH.getAndIncrement() == 0) {
            sign("the start");
            if (module.isPresent()) {
                Thread.ofPlatform().daemon().name("tests-watchdog").start(this::watch);
            }
            write(
                    "run-" + run,
                    "tests",
                    "all",
                    "<error message=\"these tests did not come to their end: their JVM was killed or has crashed\"/>");
        }
    }

    @Override
    public void executionStarted(TestIdentifier identifier) {
        sign("the start of " + identifier.getUniqueId());
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        sign("the end of " + identifier.getUniqueId());
        if (identifier.isContainer() && result.getStatus() == TestExecutionResult.Status.ABORTED) {
            String reason = result.getThrowable().map(Throwable::getMessage).orElse("");
            String name = nameOf(identifier);
            write(
                    name.replaceAll("[^A-Za-z0-9_.$]", "_"),
                    name,
                    "(all)",
                    "<skipped message=\"" + escape(reason) + "\"/>");
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (DEPTH.decrementAndGet() > 0) {
            return;
        }
        try {
            List<ProcessHandle> left = ProcessHandle.current()
                    .descendants()
                    .filter(process -> !Processes.isZombie(process.pid()))
                    .toList();
            if (!left.isEmpty()) {
                String names = left.stream()
                        .map(process -> process.pid() + " " + Processes.commandLine(process.pid()))
                        .collect(Collectors.joining(", "));
                left.forEach(ProcessHandle::destroyForcibly);
                write(
                        "left-" + run,
                        "tests",
                        "leaveNoProcess",
                        "<failure message=\"left behind and killed: " + escape(names) + "\"/>");
            }
            if (module.isPresent()) {
                Files.deleteIfExists(file("run-" + run));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sign(String what) {
        lastSign = what;
        lastSignAt = System.nanoTime();
    }

    /** Ends this JVM if no test has begun or ended for too long: not every blocking call can be interrupted. */
    private void watch() {
        try {
            while (System.nanoTime() - lastSignAt < PATIENCE.toNanos()) {
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            return;
        }
        System.out.println("no test has begun or ended for " + PATIENCE + ", the last sign was " + lastSign
                + "; this JVM ends. Its threads:");
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            System.out.println(thread);
            for (StackTraceElement frame : frames) {
                System.out.println("\tat " + frame);
            }
        });
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        Runtime.getRuntime().halt(HUNG);
    }

    private static String nameOf(TestIdentifier identifier) {
        return identifier
                .getSource()
                .map(source -> switch (source) {
                    case ClassSource of -> of.getClassName();
                    case MethodSource of -> of.getClassName() + "." + of.getMethodName();
                    default -> null;
                })
                .orElse(identifier.getDisplayName());
    }

    private Path file(String name) {
        return module.orElseThrow().resolve("target/run-reports").resolve("TEST-" + name + ".xml");
    }

    private void write(String name, String type, String test, String outcome) {
        if (module.isEmpty()) {
            return;
        }
        String where = type.equals("tests") ? module.get().getFileName() + ".tests" : type;
        try {
            Files.createDirectories(module.get().resolve("target/run-reports"));
            Files.writeString(
                    file(name),
                    "<testsuite name=\"" + escape(where) + "\"><testcase classname=\"" + escape(where) + "\" name=\""
                            + test + "\">" + outcome + "</testcase></testsuite>\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escape(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
