package io.contree.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.server.config.HttpAccess;
import io.contree.server.config.HttpSettings;
import io.contree.testkit.RawHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who reaches the server without a token, and from which web pages. */
class AccessTest {
    private static final String PAGE = "https://ui.example";

    private static Fixture server(boolean open, String... origins) {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Duration idle = Duration.ofSeconds(30);
        HttpAccess access = new HttpAccess(open, Set.of(origins), Optional.empty());
        return new Fixture(new HttpSettings(any, 4 << 20, 8 << 20, 4096, idle, HttpSettings.KEEPALIVE, access, 4));
    }

    @Test
    void withoutTokensEverybodyIsTheFirstProject() {
        try (Fixture fixture = server(true);
                ApiClient nobody = new ApiClient(fixture.server.uri(), "");
                ApiClient anybody = new ApiClient(fixture.server.uri(), "whatever")) {
            assertThat(nobody.get("/images").json().get("images")).hasSize(1);
            assertThat(anybody.get("/images").json().get("images")).hasSize(1);
            assertThat(nobody.get("/whoami").json().get("permissions")).allMatch(granted -> granted.booleanValue());
        }
    }

    @Test
    void withoutTokensWebPagesAreRefusedUnlessTheyAreNamed() {
        try (Fixture fixture = server(true, PAGE)) {
            assertThat(fixture.client
                            .get("/images", "Origin", "https://evil.example")
                            .status())
                    .isEqualTo(403);
            assertThat(fixture.client.get("/images", "Origin", PAGE).status()).isEqualTo(200);
        }
    }

    @Test
    void withoutTokensForeignHostNamesAreRefused() throws Exception {
        try (Fixture fixture = server(true)) {
            String answer = RawHttp.ask(fixture.server.uri(), "GET /v1/images");
            assertThat(answer).startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void anAllowedPageMayAskAndRead() throws Exception {
        try (Fixture fixture = server(false, PAGE);
                ApiClient browser = new ApiClient(fixture.server.uri(), "")) {
            var asked =
                    browser.raw("OPTIONS", "/v1/instances", "Origin", PAGE, "Access-Control-Request-Method", "POST");
            assertThat(asked.statusCode()).isEqualTo(204);
            assertThat(asked.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains(PAGE);
            assertThat(asked.headers()
                            .firstValue("Access-Control-Allow-Headers")
                            .orElseThrow())
                    .contains("Authorization");
            assertThat(fixture.client.get("/images", "Origin", PAGE).header("Access-Control-Allow-Origin"))
                    .contains(PAGE);
            assertThat(browser.get("/images", "Origin", PAGE).header("Access-Control-Allow-Origin"))
                    .as("the page must be able to read errors too")
                    .contains(PAGE);
        }
    }

    @Test
    void anotherPageIsToldNothing() throws Exception {
        try (Fixture fixture = server(false, PAGE)) {
            var asked = fixture.client.raw(
                    "OPTIONS", "/v1/images", "Origin", "https://evil.example", "Access-Control-Request-Method", "GET");
            assertThat(asked.statusCode()).isEqualTo(405);
            assertThat(asked.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
            assertThat(fixture.client
                            .get("/images", "Origin", "https://evil.example")
                            .header("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }
}
