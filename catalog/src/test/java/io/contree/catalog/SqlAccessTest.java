package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.ImageRecord;
import io.contree.engine.AccessCatalog;
import io.contree.engine.Caller;
import io.contree.engine.Images;
import io.contree.engine.NewToken;
import io.contree.engine.OperationRecord;
import io.contree.engine.Page;
import io.contree.engine.ProjectLimits;
import io.contree.engine.Samples;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlAccessTest {
    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
    private static final UUID IMAGE = UUID.fromString("01234567-89ab-8cde-8f01-23456789abcd");

    @TempDir
    private Path directory;

    private SqlCatalog server;
    private SqlCatalog operator;
    private UUID first;

    /** Two that have the file open, as a server and its operator do. */
    @BeforeEach
    void open() {
        server = SqlCatalog.openSqlite(directory.resolve("catalog.db"));
        operator = SqlCatalog.openSqlite(directory.resolve("catalog.db"));
        first = server.projects().firstProject(THEN);
    }

    @AfterEach
    void close() {
        operator.close();
        server.close();
    }

    private UUID project(String name, ProjectLimits limits) {
        UUID uuid = UUID.randomUUID();
        assertThat(operator.access().recordProject(new AccessCatalog.Project(uuid, name, limits, THEN.plusSeconds(1))))
                .isTrue();
        return uuid;
    }

    @Test
    void projectsHaveNamesAndLimits() {
        ProjectLimits limits = new ProjectLimits(Optional.of(60), Optional.of(2), Optional.empty(), Optional.of(1), 7);
        UUID team = project("team", limits);

        assertThat(operator.access()
                        .recordProject(new AccessCatalog.Project(UUID.randomUUID(), "team", ProjectLimits.NONE, THEN)))
                .isFalse();
        assertThat(operator.access().projects())
                .extracting(AccessCatalog.Project::name)
                .containsExactly("default", "team");
        assertThat(server.projects().limits(team)).isEqualTo(limits);
        assertThat(server.projects().limits(first)).isEqualTo(ProjectLimits.NONE);
        assertThat(operator.access().limit(team, ProjectLimits.NONE)).isTrue();
        assertThat(server.projects().limits(team)).isEqualTo(ProjectLimits.NONE);
        assertThat(operator.access().limit(UUID.randomUUID(), limits)).isFalse();
    }

    @Test
    void aTokenHasAWeightThatCanBeChanged() {
        NewToken token = NewToken.make(first, Set.of(), Optional.empty(), 3, THEN);
        operator.projects().recordToken(token.record());
        UUID uuid = token.record().caller().token();
        assertThat(weight(token)).isEqualTo(3);

        assertThat(operator.access().weigh(uuid, 100)).isTrue();
        assertThat(weight(token)).isEqualTo(100);
        assertThat(operator.access().weigh(UUID.randomUUID(), 2)).isFalse();
    }

    private int weight(NewToken token) {
        return server.projects()
                .token(token.record().hash())
                .orElseThrow()
                .caller()
                .weight();
    }

    @Test
    void aRevokedTokenIsUnknownAtOnce() {
        NewToken token = NewToken.make(first, Set.of(Caller.Permission.LIST), Optional.empty(), THEN);
        operator.projects().recordToken(token.record());
        UUID uuid = token.record().caller().token();

        assertThat(server.projects().token(token.record().hash())).contains(token.record());
        assertThat(operator.access().tokens()).containsExactly(token.record());
        assertThat(token.toString()).doesNotContain(token.text());
        assertThat(operator.access().revoke(uuid)).isTrue();
        assertThat(server.projects().token(token.record().hash())).isEmpty();
        assertThat(operator.access().revoke(uuid)).isFalse();
    }

    @Test
    void aPublicTagIsSeenByAllAndShadowedByTheirOwn() {
        UUID other = project("other", ProjectLimits.NONE);
        reach(first, IMAGE);
        server.projects().tag(first, IMAGE, "base:1", THEN);
        assertThat(server.projects().imageByTag(other, "base:1")).isEmpty();
        assertThat(operator.access().publish(other, "base:1", THEN)).isEmpty();

        assertThat(operator.access().publish(first, "base:1", THEN)).contains(IMAGE);
        assertThat(server.projects().imageByTag(other, "base:1").orElseThrow().uuid())
                .isEqualTo(IMAGE);
        assertThat(server.projects().image(other, IMAGE)).isPresent();
        assertThat(tags(other)).containsExactly("base:1");
        assertThat(tags(first)).containsExactly("base:1");

        UUID own = UUID.randomUUID();
        reach(other, own);
        server.projects().tag(other, own, "base:1", THEN);
        assertThat(server.projects().imageByTag(other, "base:1").orElseThrow().uuid())
                .isEqualTo(own);
        assertThat(tags(other)).containsExactly("base:1");
        assertThat(server.projects().untag(other, own, Optional.of("base:1"))).isEqualTo(1);
        assertThat(server.projects().imageByTag(other, "base:1").orElseThrow().uuid())
                .isEqualTo(IMAGE);

        assertThat(operator.access().unpublish("base:1")).isTrue();
        assertThat(operator.access().unpublish("base:1")).isFalse();
        assertThat(server.projects().image(other, IMAGE)).isEmpty();
        assertThat(server.projects().imageByTag(first, "base:1")).isPresent();
    }

    @Test
    void whoTagsAPublicImageKeepsIt() {
        UUID other = project("other", ProjectLimits.NONE);
        reach(first, IMAGE);
        server.projects().tag(first, IMAGE, "base:1", THEN);
        operator.access().publish(first, "base:1", THEN);

        assertThat(server.projects()
                        .tag(other, IMAGE, "mine", THEN)
                        .orElseThrow()
                        .tag())
                .isEqualTo("mine");
        operator.access().unpublish("base:1");
        assertThat(server.projects().image(other, IMAGE)).isPresent();
    }

    private void reach(UUID project, UUID image) {
        OperationRecord run = Samples.run(project, UUID.randomUUID(), THEN);
        server.operations().accept(run);
        server.operations().finish(run.uuid(), Samples.success(image, THEN));
    }

    private List<String> tags(UUID project) {
        return server
                .projects()
                .images(
                        project,
                        new Images.Filter(
                                true, false, Optional.of("base"), Optional.empty(), Optional.empty(), Optional.empty()),
                        Page.DEFAULT)
                .stream()
                .map(ImageRecord::tag)
                .toList();
    }
}
