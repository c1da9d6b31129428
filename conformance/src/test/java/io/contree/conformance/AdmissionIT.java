package io.contree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sdk.Contree;
import io.contree.server.Administration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whose run is next, on a server that works on one at a time. */
class AdmissionIT extends ServerSuite {
    @Override
    String[] options() {
        return new String[] {"--max-running", "1"};
    }

    private Api in(String project, int weight, int tokenWeight) {
        try (Administration operator = Administration.open(server.data())) {
            if (operator.projects().stream().noneMatch(known -> known.name().equals(project))) {
                operator.createProject(
                        project,
                        new Administration.LimitChange(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(weight)));
            }
            return new Api(
                    server.uri(),
                    operator.createToken(
                                    Optional.of(project),
                                    Administration.usualPermissions().stream()
                                            .collect(java.util.stream.Collectors.toSet()),
                                    Optional.empty(),
                                    tokenWeight)
                            .token());
        }
    }

    private record Waiting(Api api, String operation, String whose) {
        JsonNode record() throws Exception {
            return api.getJson("/operations/" + operation + "?inflight=1");
        }
    }

    @Test
    void turnsFollowTheWeightsOfProjectsAndTokensAndThePositionSaysSo() throws Exception {
        try (Administration operator = Administration.open(server.data())) {
            operator.publish(Optional.of("default"), "box:1");
        }
        Map<String, Api> apis =
                Map.of("light", in("light", 1, 1), "heavy", in("heavy", 3, 1), "favoured", in("heavy", 3, 2));
        String blocker = api.spawn(Map.of("image", box, "command", "sleep", "args", List.of("600"), "timeout", 900));
        List<Waiting> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            for (String whose : List.of("light", "heavy", "favoured")) {
                Api by = apis.get(whose);
                all.add(new Waiting(by, by.spawn(Map.of("image", box, "command", "true")), whose));
            }
        }
        Map<String, Long> positions = new java.util.HashMap<>();
        for (Waiting one : all) {
            positions.put(one.operation(), one.record().path("queue_position").asLong());
        }
        assertThat(positions.values()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
        try (Contree client = server.connect()) {
            assertThat(client.operations().get(UUID.fromString(blocker)).queuePosition())
                    .isEmpty();
        }
        assertThat(api.send("DELETE", "/operations/" + blocker, new byte[0], "").statusCode())
                .isEqualTo(202);
        for (Waiting one : all) {
            assertThat(one.api().await(one.operation()).has("queue_position")).isFalse();
        }

        List<String> begun = new ArrayList<>();
        for (Waiting one : all.stream()
                .sorted(Comparator.comparing(AdmissionIT::startedAt))
                .toList()) {
            begun.add(one.whose());
            assertThat(positions.get(one.operation())).isEqualTo(begun.size());
        }
        // Three turns for each of the lighter project, and of those two for each of the lighter token.
        assertThat(begun.subList(0, 8)).filteredOn("light"::equals).hasSize(2);
        assertThat(begun.subList(0, 8)).filteredOn("favoured"::equals).hasSize(4);
    }

    private static String startedAt(Waiting one) {
        try {
            String events = new String(
                    one.api().get("/operations/" + one.operation() + "/events").body(),
                    java.nio.charset.StandardCharsets.UTF_8);
            return events.replaceAll("(?s).*\"started_at\":\"([^\"]+)\".*", "$1");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
