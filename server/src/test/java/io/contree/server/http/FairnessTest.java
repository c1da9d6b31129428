package io.contree.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.engine.Caller.Permission;
import io.contree.server.config.HttpAccess;
import io.contree.server.config.HttpSettings;
import io.contree.server.work.FileWork;
import io.contree.testkit.RawHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What looks into images for one project, however much and however long, keeps nobody else waiting. */
class FairnessTest {
    private static final String AT = "/inspect/" + Fixture.IMAGE;
    private static final int THREADS = 4;
    private static final int OF_PROJECT = 2;

    private final Fixture fixture = new Fixture(new HttpSettings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            4 << 20,
            8 << 20,
            4096,
            Duration.ofSeconds(30),
            HttpSettings.KEEPALIVE,
            HttpAccess.STANDARD,
            THREADS));
    private final UUID tenant = UUID.randomUUID();
    private final FakeTree tree = fixture.engine.images.tree;
    private final CountDownLatch goOn = new CountDownLatch(1);
    private ApiClient other;

    @BeforeEach
    void anotherTenant() {
        other = new ApiClient(
                fixture.server.uri(),
                fixture.engine.tokens.create(tenant, EnumSet.allOf(Permission.class), Optional.empty()));
        fixture.engine.images.add(tenant, Fixture.IMAGE, "mine:1", Instant.EPOCH);
    }

    @AfterEach
    void nothingStaysOpen() {
        goOn.countDown();
        other.close();
        fixture.close();
        assertThat(fixture.engine.images.openViews).hasValue(0);
    }

    private void hold(AtomicInteger inside) {
        inside.incrementAndGet();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void manyListingsTakeTheirPlacesAndNoOthers() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        tree.beforeNames = () -> hold(inside);
        BlockingQueue<ApiClient.Answer> answers = new LinkedBlockingQueue<>();
        int listings = 12;
        for (int i = 0; i < listings; i++) {
            Thread.ofVirtual().start(() -> answers.add(fixture.client.get(AT + "/list?path=/etc")));
        }
        for (int i = 0; i < listings - OF_PROJECT; i++) {
            ApiClient.Answer refused = answers.poll(1, TimeUnit.MINUTES);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Retry-After")).contains("1");
        }

        assertThat(inside).hasValue(OF_PROJECT);
        assertThat(other.get("/whoami").status()).isEqualTo(200);
        assertThat(other.get(AT + "/download?path=/etc/passwd").text()).isEqualTo("root:x:0:0\n");
        assertThat(other.head(AT + "/archive?path=/etc").status()).isEqualTo(200);
        assertThat(other.post("/instances", "{'command':'true','image':'" + Fixture.IMAGE + "'}")
                        .status())
                .isEqualTo(201);
        assertThat(fixture.client.get("/whoami").status()).isEqualTo(200);
        goOn.countDown();
        for (int i = 0; i < OF_PROJECT; i++) {
            assertThat(answers.poll(1, TimeUnit.MINUTES).status()).isEqualTo(200);
        }
        tree.beforeNames = () -> {};
        assertThat(fixture.client.get(AT + "/list?path=/etc").status()).isEqualTo(200);
    }

    @Test
    void whoDoesNotReadItsArchiveKeepsNoPlace() throws Exception {
        tree.directory("/endless");
        List<RawHttp> lazy = new ArrayList<>();
        for (int i = 0; i < 2 * OF_PROJECT; i++) {
            RawHttp raw = new RawHttp(fixture.server.uri());
            lazy.add(raw);
            raw.send("GET /v1" + AT + "/archive?path=/endless HTTP/1.1\nHost: x\nAuthorization: Bearer " + fixture.token
                    + "\n\n");
        }
        for (RawHttp raw : lazy) {
            assertThat(new String(raw.in().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200");
        }
        for (int i = 0; i < 10; i++) {
            assertThat(fixture.client.get(AT + "/list?path=/etc").status()).isEqualTo(200);
            assertThat(fixture.client.get(AT + "/download?path=/etc/passwd").status())
                    .isEqualTo(200);
        }
        for (RawHttp raw : lazy) {
            raw.close();
        }
    }

    @Test
    void aTaskThatFailsGivesItsPlaceBackAndItsFailureOn() throws Exception {
        for (int i = 0; i < 3 * THREADS; i++) {
            assertThat(fixture.client.get(AT + "/list?path=/nothing").status()).isEqualTo(404);
            assertThat(fixture.client.get(AT + "/grep?path=/nothing&pattern=a").status())
                    .isEqualTo(404);
            assertThat(fixture.client.get(AT + "/archive?path=/nothing").status())
                    .isEqualTo(404);
        }
        try (FileWork work = new FileWork("tests", 2, Duration.ofSeconds(1))) {
            Thread.currentThread().interrupt();
            assertThat(work.begin(tenant, () -> "done")).isEqualTo("done");
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
