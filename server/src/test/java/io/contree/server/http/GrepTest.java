package io.contree.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class GrepTest {
    private static final String AT = "/inspect/" + Fixture.IMAGE + "/grep";
    private final Fixture fixture = new Fixture();
    private final ApiClient client = fixture.client;

    @BeforeEach
    void files() {
        fixture.engine.images.tree.directory("/g");
        fixture.engine.images.tree.file("/g/a.txt", "one\ntwo é three\nfour\n".getBytes(UTF_8));
        fixture.engine.images.tree.file("/g/b.c", "two\n".getBytes(UTF_8));
    }

    @AfterEach
    void nothingStaysOpen() {
        fixture.close();
        assertThat(fixture.engine.images.openViews).hasValue(0);
    }

    @Test
    void linesHaveTheKeysThatClientsExpect() {
        JsonNode found = client.get(AT + "?pattern=three&pattern=tw.&path=/g&after=1&glob=*.txt")
                .json();

        assertThat(found.get("path").stringValue()).isEqualTo("/g");
        assertThat(found.get("patterns").valueStream().map(JsonNode::stringValue))
                .containsExactly("three", "tw.");
        assertThat(found.get("truncated").booleanValue()).isFalse();
        assertThat(found.get("matches")).hasSize(2);
        JsonNode match = found.get("matches").get(0);
        assertThat(match).hasSize(7);
        assertThat(match.get("path").stringValue()).isEqualTo("/g/a.txt");
        assertThat(match.get("line_number").intValue()).isEqualTo(2);
        assertThat(match.get("absolute_offset").intValue()).isEqualTo(4);
        assertThat(match.get("line_text").stringValue()).isEqualTo("two é three\n");
        assertThat(match.get("line_bytes").intValue()).isEqualTo(13);
        assertThat(match.get("type").stringValue()).isEqualTo("match");
        assertThat(match.at("/submatches/1/text").stringValue()).isEqualTo("three");
        assertThat(match.at("/submatches/1/start").intValue()).isEqualTo(7);
        assertThat(match.at("/submatches/1/end").intValue()).isEqualTo(12);
        JsonNode context = found.get("matches").get(1);
        assertThat(context.get("type").stringValue()).isEqualTo("context");
        assertThat(context.get("submatches")).isEmpty();
    }

    @Test
    void nothingFoundIsAnAnswerToo() {
        JsonNode found = client.get(AT + "?pattern=absent&path=/g&path=/g/b.c").json();

        assertThat(found.get("path").stringValue()).isEqualTo("/g");
        assertThat(found.get("matches")).isEmpty();
    }

    @Test
    void limitsCountLines() {
        assertThat(client.get(AT + "?pattern=o&path=/g&max_count=1").json().get("matches"))
                .hasSize(2);
        JsonNode one = client.get(AT + "?pattern=o&path=/g&max_total=1").json();
        assertThat(one.get("matches")).hasSize(1);
        assertThat(one.get("truncated").booleanValue()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "path=/g",
                "pattern=%5B",
                "pattern=a&case=none",
                "pattern=a&after=51",
                "pattern=a&max_count=0",
                "pattern=a&path=%00",
                "pattern=a&glob=%7Ba"
            })
    void badParametersAreRefused(String query) {
        assertThat(client.get(AT + "?" + query).status()).isEqualTo(400);
    }

    @Test
    void anUnknownPathIsNotFound() {
        assertThat(client.get(AT + "?pattern=a&path=/absent").status()).isEqualTo(404);
    }
}
