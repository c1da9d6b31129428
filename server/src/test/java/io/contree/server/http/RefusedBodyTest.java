package io.contree.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.engine.Caller.Permission;
import io.contree.testkit.RawHttp;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that sends all it has before it looks for an answer sees the one that refuses it. */
class RefusedBodyTest {
    private static final String PART = "x".repeat(1 << 20);
    private static final int PARTS = 40;

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private String send(String address, String token, boolean chunked, int parts) throws Exception {
        String head = "POST /v1" + address + " HTTP/1.1\nHost: x\nAuthorization: Bearer " + token + "\n";
        try (RawHttp raw = new RawHttp(fixture.server.uri())) {
            raw.send(head
                    + (chunked
                            ? "Transfer-Encoding: chunked\n\n"
                            : "Content-Length: " + (long) parts * PART.length() + "\n\n"));
            for (int i = 0; i < parts; i++) {
                raw.send(chunked ? Integer.toHexString(PART.length()) + "\n" + PART + "\n" : PART);
            }
            raw.send(chunked ? "0\n\n" : "");
            return raw.readAll();
        }
    }

    private String tokenWith(Permission... permissions) {
        EnumSet<Permission> set = EnumSet.noneOf(Permission.class);
        set.addAll(java.util.List.of(permissions));
        return fixture.engine.tokens.create(fixture.project, set, Optional.empty());
    }

    private static void assertRefused(String answer, int status) {
        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(answer.toLowerCase(java.util.Locale.ROOT)).contains("connection: close");
        assertThat(answer).endsWith("\"status\":" + status + "}");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutAToken(boolean chunked) throws Exception {
        assertRefused(send("/files", "nobody", chunked, PARTS), 401);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutThePermission(boolean chunked) throws Exception {
        assertRefused(send("/files", tokenWith(Permission.LIST), chunked, PARTS), 403);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tooLong(boolean chunked) throws Exception {
        assertRefused(send("/files", fixture.token, chunked, PARTS), 413);
        assertRefused(send("/instances", fixture.token, chunked, PARTS), 413);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void toAnAddressThatThereIsNot(boolean chunked) throws Exception {
        assertRefused(send("/nothing", fixture.token, chunked, PARTS), 404);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void toAFullDisk(boolean chunked) throws Exception {
        fixture.engine.files.space = 10_000;
        String answer = send("/files", fixture.token, chunked, 8);
        assertRefused(answer, 503);
        assertThat(answer).contains("Retry-After: 5");
    }

    @Test
    void toAFullDiskFromJava() {
        fixture.engine.files.space = 10_000;
        var answer = fixture.client.send("POST", "/files", BodyPublishers.ofByteArray(new byte[8 << 20]));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.error()).contains("disk is full");
    }

    @Test
    void theConnectionGoesOnAfterAShortOne() throws Exception {
        try (RawHttp raw = new RawHttp(fixture.server.uri())) {
            raw.send("POST /v1/files HTTP/1.1\nHost: x\nContent-Length: 3\n\nabc"
                    + "GET /v1/whoami HTTP/1.1\nHost: x\nConnection: close\nAuthorization: Bearer " + fixture.token
                    + "\n\n");
            assertThat(raw.readAll()).startsWith("HTTP/1.1 401").contains("HTTP/1.1 200");
        }
    }

    @Test
    void whatOnlyThisMachineKnowsIsInNoAnswer() {
        String words = "cannot write " + FakeEngine.SECRET_PATH + ": disk is full";
        fixture.engine.files.full = words;
        fixture.engine.files.space = 0;
        fixture.engine.operations.refusal =
                new io.contree.store.StoreException(io.contree.store.StoreException.Kind.IO, words);
        var upload = fixture.client.send("POST", "/files", BodyPublishers.ofString("abc"));
        var spawn = fixture.client.post("/instances", "{'command':'true','image':'" + UUID.randomUUID() + "'}");
        for (var answer : java.util.List.of(upload, spawn)) {
            assertThat(answer.status()).isGreaterThanOrEqualTo(500);
            assertThat(answer.error())
                    .doesNotContain(FakeEngine.SECRET_PATH)
                    .matches(
                            "cannot write a file of the server: disk is full \\(the server's log has the rest at [0-9a-f]+\\)");
        }
    }
}
