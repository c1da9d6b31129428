package io.contree.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The extension as JUnit runs it. */
class LeakCheckerExtensionTest {
    private static final String INNER = "contree.testkit.inner";

    @Test
    void aClassThatLeaksFailsByName() throws Exception {
        TestExecutionSummary summary = run(Leaky.class);
        Files.delete(Path.of(System.clearProperty("contree.testkit.leaked")));

        assertThat(summary.getTestsSucceededCount()).isEqualTo(1);
        assertThat(summary.getFailures()).hasSize(1);
        assertThat(summary.getFailures().getFirst().getException())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Leaky left behind:")
                .hasMessageContaining("temporary file: ")
                .hasMessageContaining("contree-leak-");
    }

    @Test
    void aCleanClassPasses() {
        TestExecutionSummary summary = run(Clean.class);

        assertThat(summary.getTestsSucceededCount()).isEqualTo(1);
        assertThat(summary.getFailures()).isEmpty();
    }

    private static TestExecutionSummary run(Class<?> testClass) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        System.setProperty(INNER, "true");
        try {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(DiscoverySelectors.selectClass(testClass))
                                    .build(),
                            listener);
        } finally {
            System.clearProperty(INNER);
        }
        return listener.getSummary();
    }

    private static void onlyAsAnInnerRun() {
        Assumptions.assumeTrue(Boolean.getBoolean(INNER), "is run by " + LeakCheckerExtensionTest.class);
    }

    @ExtendWith(LeakChecker.class)
    static class Leaky {
        @Test
        void leaves() throws IOException {
            onlyAsAnInnerRun();
            System.setProperty(
                    "contree.testkit.leaked",
                    Files.createTempDirectory("contree-leak-").toString());
        }
    }

    @ExtendWith(LeakChecker.class)
    static class Clean {
        @Test
        void leavesNothing() throws IOException {
            onlyAsAnInnerRun();
            Files.delete(Files.createTempDirectory("contree-leak-"));
        }
    }
}
