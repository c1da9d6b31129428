package io.contree.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.FileRecord;
import io.contree.api.Whoami;
import io.contree.engine.Caller;
import io.contree.engine.Files;
import io.contree.engine.Images;
import io.contree.engine.Operations;
import io.contree.engine.Page;
import io.contree.engine.Samples;
import io.contree.engine.Tokens;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectTest {
    @TempDir
    private Path data;

    private EngineFixture fixture;
    private Tokens tokens;
    private Images images;
    private Files files;
    private final Caller stranger = Samples.caller(UUID.randomUUID());

    @BeforeEach
    void open() {
        fixture = EngineFixture.open(data);
        tokens = fixture.engine.tokens();
        images = fixture.engine.images();
        files = fixture.engine.files();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aTokenIsKnownByItsTextAlone() {
        UUID project = tokens.firstProject();
        String text = tokens.create(project, Set.of(Caller.Permission.LIST), Optional.empty());

        assertThat(text).matches("contree_[A-Za-z0-9_-]{43}");
        assertThat(tokens.create(project, Set.of(), Optional.empty())).isNotEqualTo(text);
        Caller caller = tokens.authenticate(text).orElseThrow();
        assertThat(caller.project()).isEqualTo(project);
        assertThat(caller.permissions()).containsExactly(Caller.Permission.LIST);
        assertThat(tokens.authenticate(text.substring(1))).isEmpty();
        assertThat(tokens.authenticate("")).isEmpty();
        assertThat(tokens.authenticate("x".repeat(100_000))).isEmpty();
    }

    @Test
    void anExpiredTokenIsNone() {
        UUID project = tokens.firstProject();
        Set<Caller.Permission> all = Set.of(Caller.Permission.values());
        String past = tokens.create(project, all, Optional.of(Instant.now().minusSeconds(1)));
        String future = tokens.create(project, all, Optional.of(Instant.now().plusSeconds(3600)));

        assertThat(tokens.authenticate(past)).isEmpty();
        assertThat(tokens.authenticate(future)).isPresent();
    }

    @Test
    void whoamiTellsEveryPermissionAndLimit() throws Exception {
        fixture.run("true");
        String text = tokens.create(
                fixture.caller.project(),
                Set.of(Caller.Permission.LIST),
                Optional.of(Instant.ofEpochSecond(4102444800L)));
        Whoami whoami = tokens.whoami(tokens.authenticate(text).orElseThrow());

        assertThat(whoami.tokenExpiration()).isEqualTo(4102444800L);
        assertThat(whoami.permissions())
                .containsOnlyKeys(
                        "spawn",
                        "spawn_disposable",
                        "list",
                        "cancel",
                        "import",
                        "set_image_tag",
                        "remove",
                        "import_local")
                .containsEntry("list", true)
                .containsEntry("spawn", false);
        assertThat(whoami.limits())
                .containsEntry("instance_max_timeout", 3600L)
                .containsEntry("instance_max_concurrency", 4L)
                .containsKeys("images_import_max_timeout", "images_import_max_concurrency");
        assertThat(whoami.operationsStat()).containsEntry("success", 2L);
    }

    @Test
    void whatATokenLacksIsDenied() {
        Caller lister = new Caller(
                UUID.randomUUID(), fixture.caller.project(), Set.of(Caller.Permission.LIST), Optional.empty());
        Caller disposer = new Caller(
                UUID.randomUUID(),
                fixture.caller.project(),
                Set.of(Caller.Permission.SPAWN_DISPOSABLE),
                Optional.empty());
        Operations operations = fixture.engine.operations();

        assertCode(ErrorCode.PERMISSION_DENIED, () -> operations.spawn(lister, fixture.request("true")));
        assertCode(ErrorCode.PERMISSION_DENIED, () -> operations.spawn(disposer, fixture.request("true")));
        assertCode(ErrorCode.PERMISSION_DENIED, () -> operations.cancel(lister, UUID.randomUUID()));
        assertCode(
                ErrorCode.PERMISSION_DENIED,
                () -> operations.importImage(lister, Samples.imported("docker://a/b", Optional.empty())));
        assertCode(ErrorCode.PERMISSION_DENIED, () -> images.tag(lister, fixture.base.uuid(), "a"));
        assertCode(ErrorCode.PERMISSION_DENIED, () -> images.untag(lister, fixture.base.uuid(), Optional.empty()));
    }

    @Test
    void tagsNameImagesOfTheirProject() {
        UUID image = fixture.base.uuid();
        assertThat(images.tag(fixture.caller, image, "app:1").tag()).isEqualTo("app:1");
        assertThat(images.byTag(fixture.caller, "app:1").uuid()).isEqualTo(image);
        assertThat(images.get(fixture.caller, image).contentDigest()).startsWith("sha256:");

        assertCode(ErrorCode.NOT_FOUND, () -> images.byTag(stranger, "app:1"));
        assertCode(ErrorCode.NOT_FOUND, () -> images.tag(stranger, image, "app:1"));
        assertCode(ErrorCode.NOT_FOUND, () -> images.get(stranger, image));
        assertCode(ErrorCode.NOT_FOUND, () -> images.view(stranger, image));
        assertCode(ErrorCode.NOT_FOUND, () -> images.changes(stranger, image, image, 10));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> images.tag(fixture.caller, image, "a b"));
        assertCode(ErrorCode.NOT_FOUND, () -> images.untag(fixture.caller, image, Optional.of("other")));
        images.untag(fixture.caller, image, Optional.of("app:1"));
        images.untag(fixture.caller, image, Optional.empty());
        assertCode(ErrorCode.NOT_FOUND, () -> images.byTag(fixture.caller, "app:1"));
    }

    @Test
    void theSameBytesAreTheSameFile() throws IOException {
        byte[] bytes = "data".getBytes(StandardCharsets.UTF_8);
        FileRecord first = files.put(fixture.caller, new ByteArrayInputStream(bytes));
        FileRecord again = files.put(fixture.caller, new ByteArrayInputStream(bytes));

        assertThat(again.uuid()).isEqualTo(first.uuid());
        assertThat(again.createdAt()).isEqualTo(first.createdAt());
        assertThat(files.bySha256(fixture.caller, first.sha256().toUpperCase(java.util.Locale.ROOT)))
                .contains(again);
        assertThat(files.byUuid(fixture.caller, first.uuid())).contains(again);
        assertThat(files.bySha256(stranger, first.sha256())).isEmpty();
        assertThat(files.byUuid(stranger, first.uuid())).isEmpty();
        assertThat(files.list(fixture.caller, Optional.empty(), Optional.empty(), Page.DEFAULT))
                .containsExactly(again);
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> files.bySha256(fixture.caller, "../etc/passwd"));
    }
}
