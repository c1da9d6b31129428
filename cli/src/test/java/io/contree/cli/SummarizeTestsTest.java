package io.contree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The summary at the end of {@code ./test}. */
class SummarizeTestsTest {
    private static final Path SCRIPT = Path.of("../scripts/summarize-tests").toAbsolutePath();

    @TempDir
    Path directory;

    private int exitCode;

    @Test
    void countsAndGivesReasons() throws Exception {
        report("a/target/surefire-reports/TEST-A.xml", """
                <testsuite name="a.A" tests="4">
                  <properties><property name="x" value="&lt;testcase "/></properties>
                  <testcase name="works" classname="a.A" time="0.1"/>
                  <testcase name="breaks" classname="a.A" time="0.1">
                    <failure message="expected &lt;1&gt; &amp; got &quot;2&quot;" type="X"><![CDATA[trace < testcase [0] ]]></failure>
                    <system-out><![CDATA[<skipped message="no"/> ]]></system-out>
                  </testcase>
                  <testcase name="errs" classname="a.A"><error type="Y"/></testcase>
                </testsuite>""");
        report("b/target/failsafe-reports/TEST-B.xml", """
                <testsuite name="b.B" tests="1">
                  <testcase name="needs root" classname="b.B"><skipped message="needs root&#10;and more"/></testcase>
                </testsuite>""");

        String summary = summarize(0);

        assertThat(summary)
                .contains("FAILED   A.breaks: expected <1> & got \"2\"")
                .contains("FAILED   A.errs")
                .contains("skipped  B.needs root: needs root and more")
                .endsWith("\n1 passed, 2 failed, 1 skipped\n");
        assertThat(exitCode).isEqualTo(1);
    }

    @Test
    void theReasonOfAnAssumptionIsInTheBody() throws Exception {
        report("a/target/failsafe-reports/TEST-A.xml", """
                <testsuite name="a.A" tests="2">
                  <testcase name="needs a disk" classname="a.A">
                    <skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: needs <mkfs.xfs> [1]
                	at io.contree.A.a(A.java:1)]]></skipped>
                    <system-out><![CDATA[<testcase name="no" classname="b.B"/><skipped message="no"/>]]></system-out>
                  </testcase>
                  <testcase name="works" classname="a.A"/>
                </testsuite>""");
        report("a/target/run-reports/TEST-a.B.xml", """
                <testsuite name="a.B"><testcase classname="a.B" name="(all)"><skipped message="needs root"/></testcase></testsuite>
                """);

        assertThat(summarize(0))
                .contains("skipped  A.needs a disk: needs <mkfs.xfs> [1]\n", "skipped  B.(all): needs root\n")
                .endsWith("\n1 passed, 0 failed, 2 skipped\n");
        assertThat(exitCode).isZero();
    }

    @Test
    void aSkipWithoutAReasonHasFailed() throws Exception {
        report("a/target/surefire-reports/TEST-A.xml", """
                <testsuite name="a.A" tests="2">
                  <testcase name="none" classname="a.A"><skipped/></testcase>
                  <testcase name="bare" classname="a.A"><skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: assumption is not true
                ]]></skipped></testcase>
                </testsuite>""");

        assertThat(summarize(0))
                .contains("FAILED   A.none: skipped without a reason", "FAILED   A.bare: skipped without a reason")
                .endsWith("\n0 passed, 2 failed, 0 skipped\n");
        assertThat(exitCode).isEqualTo(1);
    }

    @Test
    void isGreenOnlyIfSomethingRanAndTheBuildWorked() throws Exception {
        assertThat(summarize(0)).endsWith("0 passed, 1 failed, 0 skipped\n");
        assertThat(exitCode).isEqualTo(1);

        report("a/target/surefire-reports/TEST-A.xml", "<testsuite><testcase name=\"a\" classname=\"A\"/></testsuite>");
        assertThat(summarize(0)).endsWith("1 passed, 0 failed, 0 skipped\n");
        assertThat(exitCode).isZero();

        assertThat(summarize(1)).contains("the build itself").endsWith("1 passed, 1 failed, 0 skipped\n");
        assertThat(exitCode).isEqualTo(1);
    }

    private void report(String path, String xml) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, xml);
    }

    private String summarize(int buildStatus) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(SCRIPT.toString(), Integer.toString(buildStatus), directory.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        exitCode = process.waitFor();
        return output;
    }
}
