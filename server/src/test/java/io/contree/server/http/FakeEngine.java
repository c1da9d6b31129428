package io.contree.server.http;

import io.contree.api.Whoami;
import io.contree.engine.Caller;
import io.contree.engine.Caller.Permission;
import io.contree.engine.Engine;
import io.contree.engine.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** An engine in memory: images are trees of maps, operations do what a test tells them to. */
final class FakeEngine implements Engine {
    final FakeImages images = new FakeImages();
    final FakeFiles files = new FakeFiles();
    final FakeOperations operations = new FakeOperations(images, files);
    final FakeSubprocesses subprocesses = new FakeSubprocesses(operations);
    final FakeTokens tokens = new FakeTokens();

    @Override
    public FakeSubprocesses subprocesses() {
        return subprocesses;
    }

    @Override
    public FakeOperations operations() {
        return operations;
    }

    @Override
    public FakeImages images() {
        return images;
    }

    @Override
    public FakeFiles files() {
        return files;
    }

    @Override
    public FakeTokens tokens() {
        return tokens;
    }

    /** A path that no answer may have. */
    static final String SECRET_PATH = "/srv/contree-data/layers/0f3c";

    @Override
    public String shown(String message) {
        return message.replace(SECRET_PATH, "a file of the server");
    }

    @Override
    public boolean drain(Duration grace) {
        return false;
    }

    @Override
    public void close() {}

    static final class FakeTokens implements Tokens {
        private final Map<String, Caller> callers = new ConcurrentHashMap<>();
        private final UUID project = UUID.randomUUID();

        @Override
        public Optional<Caller> authenticate(String token) {
            return Optional.ofNullable(callers.get(token))
                    .filter(caller -> caller.expiresAt()
                            .map(end -> end.isAfter(Instant.now()))
                            .orElse(true));
        }

        @Override
        public UUID firstProject() {
            return project;
        }

        @Override
        public String create(UUID project, Set<Permission> permissions, Optional<Instant> expiresAt) {
            String token = "token-" + callers.size();
            callers.put(token, new Caller(UUID.randomUUID(), project, permissions, expiresAt));
            return token;
        }

        @Override
        public Whoami whoami(Caller caller) {
            Map<String, Boolean> permissions = new LinkedHashMap<>();
            EnumSet.allOf(Permission.class)
                    .forEach(each ->
                            permissions.put(each.wire(), caller.permissions().contains(each)));
            return new Whoami(
                    caller.token(),
                    caller.expiresAt().map(Instant::getEpochSecond).orElse(null),
                    permissions,
                    new TreeMap<>(Map.of(
                            "instance_max_timeout",
                            86_400L,
                            "instance_max_concurrency",
                            16L,
                            "images_import_max_timeout",
                            3600L,
                            "images_import_max_concurrency",
                            4L)),
                    Map.of(),
                    List.of("native"),
                    "none");
        }
    }
}
