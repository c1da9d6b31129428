package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The pages about the SDK say what is compiled and run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnippetsTest {
    private static final Path PROJECT = Path.of("..");
    private static final Path PAGES = PROJECT.resolve("docs/sdk");

    private Map<String, Snippet> regions;
    private List<Snippet> blocks;

    @BeforeAll
    void read() throws IOException {
        regions = new TreeMap<>();
        for (Snippet region : Snippet.regions(Path.of("src/test/java"))) {
            assertThat(regions.put(region.name(), region))
                    .as("a second " + region)
                    .isNull();
        }
        blocks = new ArrayList<>(Snippet.blocks(PAGES));
        blocks.addAll(Snippet.blocks(PROJECT.resolve("README.md")));
    }

    @Test
    void everyBlockIsARegionWordForWord() {
        assertThat(blocks).isNotEmpty().allSatisfy(block -> {
            assertThat(regions)
                    .as("no region \"// docs: %s\" in a test for %s", block.name(), block)
                    .containsKey(block.name());
            Snippet region = regions.get(block.name());
            assertThat(block.normalised())
                    .as("%s\ndiffers from %s", block, region)
                    .isEqualTo(region.normalised());
        });
    }

    @Test
    void everyRegionIsOnAPage() {
        assertThat(regions.values())
                .allSatisfy(region -> assertThat(blocks)
                        .as("no block \"```java %s\" on a page for %s", region.name(), region)
                        .extracting(Snippet::name)
                        .contains(region.name()));
    }

    @Test
    void everyRegionEndsBeforeTheNextBegins() {
        assertThat(regions.values())
                .allSatisfy(region -> assertThat(region.code()).isNotBlank().doesNotContain("// docs:"));
    }

    @Test
    void aDifferenceInWordsIsFoundAndOneInSpaceIsNot(@TempDir Path directory) throws IOException {
        Path page = Files.writeString(
                directory.resolve("page.md"),
                "```java a\nf( \"x  y\" )\n  .g(); // so  it is\n```\n```java\nf(\"x y\");\n```\n");
        assertThat(Snippet.blocks(page)).extracting(Snippet::name).containsExactly("a", "");
        assertThat(Snippet.blocks(page))
                .extracting(Snippet::normalised)
                .containsExactly("f(\"x  y\").g();// so it is", "f(\"x y\");");
    }

    @Test
    void linksLeadToFiles() throws IOException {
        Pattern link = Pattern.compile("\\]\\((?!https?:)([^)#]+)");
        try (var pages = Files.list(PAGES)) {
            for (Path page : pages.toList()) {
                Matcher links = link.matcher(Files.readString(page));
                while (links.find()) {
                    assertThat(page.resolveSibling(links.group(1)))
                            .as("link of " + page)
                            .exists();
                }
            }
        }
    }

    @Test
    void theCoordinatesAreThoseOfTheBuild() throws IOException {
        String pom = Files.readString(PROJECT.resolve("pom.xml"));
        Matcher version = Pattern.compile("<version>([^<]+)</version>").matcher(pom);
        assertThat(version.find()).isTrue();
        assertThat(PAGES.resolve("README.md"))
                .content()
                .containsPattern("<artifactId>contree-sdk</artifactId>\\s*<version>" + Pattern.quote(version.group(1))
                        + "</version>");
    }
}
