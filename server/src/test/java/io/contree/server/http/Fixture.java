package io.contree.server.http;

import io.contree.engine.Caller.Permission;
import io.contree.server.config.HttpAccess;
import io.contree.server.config.HttpSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A server on a free port over a fake engine, and a client with every permission. */
final class Fixture implements AutoCloseable {
    static final UUID IMAGE = UUID.fromString("01234567-89ab-8cde-8f01-23456789abcd");

    final FakeEngine engine = new FakeEngine();
    final UUID project = engine.tokens.firstProject();
    final HttpServer server;
    final String token;
    final ApiClient client;

    Fixture() {
        this(settings(Duration.ofSeconds(30), HttpSettings.KEEPALIVE));
    }

    Fixture(HttpSettings settings) {
        server = HttpServer.start(engine, settings);
        token = engine.tokens.create(project, EnumSet.allOf(Permission.class), Optional.empty());
        client = new ApiClient(server.uri(), token);
        engine.images.add(project, IMAGE, "busybox:latest", Instant.parse("2026-01-02T03:04:05.5Z"));
        engine.images.tree.directory("/");
        engine.images.tree.directory("/etc");
        engine.images.tree.file("/etc/passwd", "root:x:0:0\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static HttpSettings settings(Duration idle, Duration keepalive) {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new HttpSettings(any, 4 << 20, 8 << 20, 4096, idle, keepalive, HttpAccess.STANDARD, 4);
    }

    ApiClient clientWith(Permission... permissions) {
        Set<Permission> set = Set.of(permissions);
        return new ApiClient(server.uri(), engine.tokens.create(project, set, Optional.empty()));
    }

    /** Another tenant. */
    ApiClient stranger() {
        return new ApiClient(
                server.uri(),
                engine.tokens.create(UUID.randomUUID(), EnumSet.allOf(Permission.class), Optional.empty()));
    }

    /** Starts a run and gives its operation. */
    FakeOperation spawn() {
        var answer = client.post("/instances", "{'command':'true','image':'" + IMAGE + "'}");
        return engine.operations.all.get(
                UUID.fromString(answer.json().get("uuid").stringValue()));
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
