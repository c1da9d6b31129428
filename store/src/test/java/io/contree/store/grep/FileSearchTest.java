package io.contree.store.grep;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.RawPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileSearchTest {
    private static GrepQuery query(int maxCount, int maxTotal, int before, int after, String... patterns) {
        return new GrepQuery(
                List.of(patterns),
                List.of(new RawPath("/")),
                List.of(),
                maxCount,
                maxTotal,
                GrepQuery.Case.SENSITIVE,
                before,
                after);
    }

    private static GrepQuery query(String... patterns) {
        return query(100, 1000, 0, 0, patterns);
    }

    private static GrepResult search(GrepQuery query, InputStream... files) throws IOException {
        Budget budget = new Budget(Duration.ofMinutes(5), query.maxTotal());
        FileSearch search = new FileSearch(query, LineMatcher.of(query), budget);
        try {
            for (int i = 0; i < files.length; i++) {
                search.search(new RawPath("/" + i), files[i]);
            }
            return budget.result(false);
        } catch (SearchEndedException e) {
            return budget.result(true);
        }
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static InputStream repeated(String text, int times) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<InputStream> parts = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            parts.add(new ByteArrayInputStream(bytes));
        }
        return new SequenceInputStream(Collections.enumeration(parts));
    }

    private static List<String> shown(GrepResult result) {
        return result.lines().stream()
                .map(line -> line.path().raw() + ":" + line.number() + (line.match() ? ":" : "-")
                        + RawPath.toText(line.text()).strip())
                .toList();
    }

    @Test
    void countsLinesAndBytes() throws Exception {
        GrepResult found = search(query("wörld|é+"), text("one\nhellö wörld éé\r\nlast é"));

        GrepLine first = found.lines().getFirst();
        assertThat(first.number()).isEqualTo(2);
        assertThat(first.offset()).isEqualTo(4);
        assertThat(RawPath.toText(first.text())).isEqualTo("hellö wörld éé\r\n");
        assertThat(first.bytes()).isEqualTo(20);
        assertThat(first.submatches())
                .containsExactly(
                        new GrepLine.Submatch(RawPath.of("wörld").raw(), 7, 13),
                        new GrepLine.Submatch(RawPath.of("éé").raw(), 14, 18));
        GrepLine last = found.lines().getLast();
        assertThat(last.number()).isEqualTo(3);
        assertThat(last.offset()).isEqualTo(24);
        assertThat(RawPath.toText(last.text())).isEqualTo("last é");
        assertThat(last.bytes()).isEqualTo(7);
        assertThat(found.truncated()).isFalse();
    }

    @Test
    void aByteOrderMarkIsNotPartOfTheFirstLine() throws Exception {
        GrepResult found = search(query("^using"), text("\ufeffusing a\n\ufeffusing b\nusing c"));

        assertThat(shown(found)).containsExactly("/0:1:using a", "/0:3:using c");
        assertThat(found.lines()).extracting(GrepLine::offset).containsExactly(3L, 22L);
        assertThat(search(query(".?"), text("\ufeff")).lines()).isEmpty();
    }

    @Test
    void bytesThatAreNoUtf8KeepTheirPlaces() throws Exception {
        byte[] bytes = {(byte) 0xFF, 'a', (byte) 0xE2, (byte) 0x82, 'b', (byte) 0xC3, (byte) 0xA9, 'c', '\n'};

        GrepResult found = search(query("[abc]|é"), new ByteArrayInputStream(bytes));

        assertThat(found.lines().getFirst().submatches())
                .extracting(GrepLine.Submatch::start)
                .containsExactly(1L, 4L, 5L, 7L);
    }

    @Test
    void contextIsMergedAndShownOnce() throws Exception {
        String lines = "a1\nb\nb\nb\na2\nb\na3\nb\nb\nb\n";

        assertThat(shown(search(query(100, 100, 2, 1, "a"), text(lines))))
                .containsExactly("/0:1:a1", "/0:2-b", "/0:3-b", "/0:4-b", "/0:5:a2", "/0:6-b", "/0:7:a3", "/0:8-b");
        assertThat(shown(search(query(1, 100, 0, 2, "a"), text(lines), text("x\na\n"))))
                .containsExactly("/0:1:a1", "/0:2-b", "/0:3-b", "/1:2:a");
    }

    @Test
    void isTruncatedOnlyIfThereIsMore() throws Exception {
        assertThat(search(query(100, 2, 0, 0, "a"), text("a\na\n")).truncated()).isFalse();
        GrepResult more = search(query(100, 2, 0, 0, "a"), text("a\nb\n"), text("a\n"), text("a\n"));
        assertThat(more.truncated()).isTrue();
        assertThat(shown(more)).containsExactly("/0:1:a", "/1:1:a");
    }

    @Test
    void aFileWithANulIsSkippedWhereverItIs() throws Exception {
        InputStream late = new SequenceInputStream(repeated("match\n", 400_000), text("\0"));

        GrepResult found = search(query(10_000, 10_000, 0, 0, "match"), text("a\0match\n"), text("match\n"));
        GrepResult sparse = search(
                query("match"),
                new SequenceInputStream(text("match\n"), new SequenceInputStream(repeated("other\n", 400_000), late)));

        assertThat(shown(found)).containsExactly("/1:1:match");
        assertThat(sparse.lines()).hasSize(100);
        assertThat(search(
                                query("match|other\\d"),
                                new SequenceInputStream(Collections.enumeration(
                                        List.of(text("match\n"), repeated("other\n", 400_000), text("\0")))))
                        .lines())
                .isEmpty();
    }

    @Test
    void longLinesAreCutBetweenCharacters() throws Exception {
        GrepResult found = search(query("x"), text("a" + "é".repeat(5000) + "x\n"));

        GrepLine line = found.lines().getFirst();
        assertThat(line.bytes()).isEqualTo(10_003);
        assertThat(RawPath.toText(line.text())).isEqualTo("a" + "é".repeat(2047));
        assertThat(line.submatches()).containsExactly(new GrepLine.Submatch("x", 10_001, 10_002));
    }

    @Test
    void aLineOfManyBlocksIsSearchedToItsEnd() throws Exception {
        int length = 6 * 700_001;
        InputStream in = new SequenceInputStream(repeated("aaaaé", 700_001), text("needle\nnext line\nneedle again"));

        GrepResult found = search(query("needle|^next"), in);

        assertThat(found.lines()).extracting(GrepLine::number).containsExactly(1L, 2L, 3L);
        GrepLine line = found.lines().getFirst();
        assertThat(line.bytes()).isEqualTo(length + 7L);
        assertThat(line.submatches()).containsExactly(new GrepLine.Submatch("needle", length, length + 6L));
        assertThat(found.lines().getLast().offset()).isEqualTo(length + 7L + 10);
    }

    @Test
    void windowsOfALongLineAreNotLinesOfTheirOwn() throws Exception {
        String pattern = "^b|b$|c";
        InputStream in = repeated("b".repeat(1000), 4000);

        assertThat(search(query(pattern), in).lines().getFirst().submatches())
                .containsExactly(new GrepLine.Submatch("b", 0, 1), new GrepLine.Submatch("b", 3_999_999, 4_000_000));
    }

    @Test
    void everyMatchOfALongLineIsFoundOnce() throws Exception {
        InputStream in = repeated("-".repeat(9_999) + "#", 300);

        assertThat(search(query("#"), in).lines().getFirst().submatches())
                .extracting(GrepLine.Submatch::start)
                .containsExactlyElementsOf(java.util.stream.LongStream.rangeClosed(1, 300)
                        .map(i -> i * 10_000 - 1)
                        .boxed()
                        .toList());
    }
}
