package io.contree.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.server.config.HttpSettings;
import io.contree.server.http.exchange.Router;
import io.contree.testkit.OpenApi;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenApiTest {
    private static final List<String> METHODS = List.of("get", "head", "post", "put", "patch", "delete");
    private final JsonNode document = OpenApi.get().document();

    @Test
    void everyRouteIsDescribedAndNothingElseIs() {
        Set<String> described = new TreeSet<>();
        for (var path : document.get("paths").properties()) {
            METHODS.stream()
                    .filter(path.getValue()::has)
                    .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
        }
        HttpSettings settings = Fixture.settings(Duration.ofSeconds(1), Duration.ofSeconds(1));
        Router router;
        try (HttpServer.Work work = HttpServer.Work.of(settings)) {
            router = HttpServer.router(new FakeEngine(), settings, work);
        }

        assertThat(described)
                .isEqualTo(router.routes().stream()
                        .map(route -> route.method() + " " + route.pattern())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        for (JsonNode reference : document.findValues("$ref")) {
            assertThat(document.at(reference.stringValue().substring(1)).isMissingNode())
                    .as(reference.stringValue())
                    .isFalse();
        }
    }

    @Test
    void operationsHaveNamesOfTheirOwn() {
        List<String> names = StreamSupport.stream(document.get("paths").spliterator(), false)
                .flatMap(path -> StreamSupport.stream(path.spliterator(), false))
                .filter(operation -> operation.has("operationId"))
                .map(operation -> operation.get("operationId"))
                .map(JsonNode::stringValue)
                .toList();

        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(20);
    }
}
