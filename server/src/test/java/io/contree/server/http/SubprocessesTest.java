package io.contree.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.engine.Caller.Permission;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubprocessesTest {
    private final Fixture fixture = new Fixture();
    private final ApiClient client = fixture.client;
    private final FakeSubprocesses subprocesses = fixture.engine.subprocesses;
    private String path = "";

    @BeforeEach
    void spawn() {
        path = "/operations/" + fixture.spawn().id + "/subprocesses";
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aSubprocessIsCreatedAndItsResultHasAPlace() {
        var answer = client.post(path, "{'command':'ls','args':['-l'],'env':null,'image':'ignored'}");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().get("spid").intValue()).isEqualTo(2);
        assertThat(answer.header("Location")).contains("/v1" + path + "/2");
        assertThat(subprocesses.created.getFirst().args()).containsExactly("-l");
        var result = client.get(path + "/2");
        assertThat(result.status()).isEqualTo(200);
        assertThat(result.json().at("/state/signal").intValue()).isEqualTo(15);
    }

    @ParameterizedTest
    @CsvSource({"'',9", "?signal=,9", "?signal=TERM,15", "?signal=SIGINT,2", "?signal=10,10"})
    void aKillHasASignal(String query, int number) {
        assertThat(client.delete(path + "/1" + query).status()).isEqualTo(204);
        assertThat(subprocesses.calls).containsExactly("kill 1 " + number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/1?signal=NOPE", "/1?signal=0", "/1?signal=65", "/0", "/x", "/-1", "/99999999999"})
    void aBadSignalOrSpidIs400(String rest) {
        assertThat(client.delete(path + rest).status()).isEqualTo(400);
        assertThat(subprocesses.calls).isEmpty();
    }

    @Test
    void stdinIsWrittenAndClosed() {
        assertThat(client.post(path + "/2/stdin", "{'value':'eA==','encoding':'base64','close':false}")
                        .status())
                .isEqualTo(204);
        assertThat(client.post(path + "/2/stdin", "{'value':''}").status()).isEqualTo(204);
        assertThat(subprocesses.calls).containsExactly("write 2 1 false", "write 2 0 true");
    }

    @Test
    void aChunkOfMoreThanAMebibyteIsTaken() {
        String value = "x".repeat(3 << 19);

        assertThat(client.post(path + "/1/stdin", "{'value':'" + value + "'}").status())
                .isEqualTo(204);
        assertThat(subprocesses.calls).containsExactly("write 1 " + (3 << 19) + " true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{'value':1}", "{'value':'?','encoding':'base64'}", "{'value':null}"})
    void aBadWriteIs400(String body) {
        assertThat(client.post(path + "/2/stdin", body).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{'command':''}", "{'command':'x','cwd':'y'}"})
    void aBadRequestIs400(String body) {
        assertThat(client.post(path, body).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"CONFLICT,409", "GONE,410", "TOO_EARLY,425", "TIMEOUT,504", "NOT_FOUND,404"})
    void refusalsHaveTheirStatus(ErrorCode code, int status) {
        subprocesses.refusal = new ContreeException(code, "no");

        assertThat(client.post(path, "{'command':'x'}").status()).isEqualTo(status);
        assertThat(client.get(path + "/1").status()).isEqualTo(status);
        assertThat(client.delete(path + "/1").status()).isEqualTo(status);
        assertThat(client.post(path + "/1/stdin", "{'value':''}").status()).isEqualTo(status);
    }

    @Test
    void tooEarlySaysWhenToComeBack() {
        subprocesses.refusal = new ContreeException(ErrorCode.TOO_EARLY, "no", Duration.ofSeconds(1));

        assertThat(client.post(path, "{'command':'x'}").header("Retry-After")).contains("1");
    }

    @Test
    void changesNeedAPermissionToSpawnAndResultsOneToList() {
        try (ApiClient lister = fixture.clientWith(Permission.LIST);
                ApiClient spawner = fixture.clientWith(Permission.SPAWN);
                ApiClient stranger = fixture.stranger()) {
            assertThat(lister.post(path, "{'command':'x'}").status()).isEqualTo(403);
            assertThat(lister.delete(path + "/1").status()).isEqualTo(403);
            assertThat(lister.post(path + "/1/stdin", "{'value':''}").status()).isEqualTo(403);
            assertThat(lister.get(path + "/1").status()).isEqualTo(200);
            assertThat(spawner.get(path + "/1").status()).isEqualTo(403);
            assertThat(spawner.delete(path + "/1").status()).isEqualTo(204);
            assertThat(stranger.get(path + "/1").status()).isEqualTo(404);
        }
        assertThat(client.get("/operations/" + UUID.randomUUID() + "/subprocesses/1")
                        .status())
                .isEqualTo(404);
    }
}
