package io.contree.server;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import io.contree.api.TagName;
import io.contree.catalog.SqlCatalog;
import io.contree.engine.AccessCatalog.Project;
import io.contree.engine.Caller.Permission;
import io.contree.engine.NewToken;
import io.contree.engine.ProjectCatalog.TokenRecord;
import io.contree.engine.ProjectLimits;
import io.contree.engine.retention.Retention;
import io.contree.store.StoreException;
import io.contree.store.disk.CatalogLink;
import io.contree.store.disk.Layout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an operator does to a data directory, whether or not its server is running: a running one follows from the next
 * request on. Anyone who can write to the directory may do it, which means root. Failures are {@link ContreeException}s
 * that say what to do.
 */
public final class Administration implements AutoCloseable {
    private final SqlCatalog catalog;

    private Administration(SqlCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * A token without its text.
     *
     * @param expiresAt null for never
     */
    public record TokenRow(
            UUID uuid,
            UUID project,
            Set<String> permissions,
            @Nullable Instant expiresAt,
            Instant createdAt,
            int weight) {}

    /** A token with its text, which is kept nowhere. */
    public record CreatedToken(UUID uuid, UUID project, String token) {}

    /** A project; a limit or retention that is null is the server's. Timeouts are in seconds. */
    public record ProjectRow(
            UUID uuid,
            String name,
            @Nullable Integer instanceMaxTimeout,
            @Nullable Integer instanceMaxConcurrency,
            @Nullable Integer imagesImportMaxTimeout,
            @Nullable Integer imagesImportMaxConcurrency,
            @Nullable String retention,
            Instant createdAt,
            int weight) {
        private static ProjectRow of(Project project) {
            ProjectLimits limits = project.limits();
            return new ProjectRow(
                    project.uuid(),
                    project.name(),
                    limits.instanceMaxTimeout().orElse(null),
                    limits.instanceMaxConcurrency().orElse(null),
                    limits.importMaxTimeout().orElse(null),
                    limits.importMaxConcurrency().orElse(null),
                    project.retention().orElse(null),
                    project.createdAt(),
                    limits.weight());
        }
    }

    /** Changes to limits: an absent one leaves its limit, 0 removes it; a weight is from 1 to 100. */
    public record LimitChange(
            Optional<Integer> instanceMaxTimeout,
            Optional<Integer> instanceMaxConcurrency,
            Optional<Integer> imagesImportMaxTimeout,
            Optional<Integer> imagesImportMaxConcurrency,
            Optional<Integer> weight) {
        private ProjectLimits on(ProjectLimits old) {
            return checked(() -> new ProjectLimits(
                    changed(old.instanceMaxTimeout(), instanceMaxTimeout),
                    changed(old.instanceMaxConcurrency(), instanceMaxConcurrency),
                    changed(old.importMaxTimeout(), imagesImportMaxTimeout),
                    changed(old.importMaxConcurrency(), imagesImportMaxConcurrency),
                    weight.orElse(old.weight())));
        }

        private static Optional<Integer> changed(Optional<Integer> old, Optional<Integer> change) {
            return change.isPresent() ? change.filter(limit -> limit != 0) : old;
        }
    }

    /** NOT_FOUND if no server was ever started with this directory, UNAVAILABLE if its catalog cannot be opened. */
    public static Administration open(Path data) {
        return new Administration(catalog(data));
    }

    /** The catalog of a data directory, beside its server; failures as of {@link #open}. */
    static SqlCatalog catalog(Path data) {
        CatalogLink link = CatalogLink.of(data);
        if (!Files.exists(link.catalog()) && !Files.exists(new Layout(data).layers())) {
            throw new ContreeException(
                    ErrorCode.NOT_FOUND,
                    "There is no server data in " + data
                            + ", or it cannot be read; start a server on it once, or name another directory with --data");
        }
        try {
            return SqlCatalog.administer(link);
        } catch (StoreException e) {
            String needed = e.kind() == StoreException.Kind.CORRUPT
                    ? ""
                    : "; administering a server needs write access to its data directory";
            throw new ContreeException(ErrorCode.UNAVAILABLE, e.getMessage() + needed, e);
        }
    }

    /** The names of all permissions. */
    public static List<String> permissions() {
        return Arrays.stream(Permission.values()).map(Permission::wire).toList();
    }

    /** The names of those that a token has by default. */
    public static List<String> usualPermissions() {
        return Permission.usual().stream().map(Permission::wire).toList();
    }

    /** Makes a token with the usual weight. An unknown permission is INVALID_ARGUMENT. */
    public CreatedToken createToken(Optional<String> project, Set<String> permissions, Optional<Instant> expiresAt) {
        return createToken(project, permissions, expiresAt, ProjectLimits.USUAL_WEIGHT);
    }

    /** Makes a token. An unknown permission is INVALID_ARGUMENT, and so is a weight that is not from 1 to 100. */
    public CreatedToken createToken(
            Optional<String> project, Set<String> permissions, Optional<Instant> expiresAt, int weight) {
        UUID owner = find(project).uuid();
        Set<Permission> parsed = parse(permissions);
        NewToken made = checked(() -> NewToken.make(owner, parsed, expiresAt, weight, Instant.now()));
        catalog.projects().recordToken(made.record());
        return new CreatedToken(
                made.record().caller().token(), made.record().caller().project(), made.text());
    }

    private static Set<Permission> parse(Set<String> names) {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        for (String name : names) {
            if (!permissions().contains(name)) {
                throw new ContreeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "\"" + name + "\" is not a permission; there are " + String.join(", ", permissions()));
            }
            permissions.add(Permission.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        return permissions;
    }

    private static <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new ContreeException(ErrorCode.INVALID_ARGUMENT, String.valueOf(e.getMessage()), e);
        }
    }

    /** Gives a token another weight, from the next request on. NOT_FOUND if it is unknown, INVALID_ARGUMENT unless from 1 to 100. */
    public void weighToken(UUID token, int weight) {
        if (weight < ProjectLimits.USUAL_WEIGHT || weight > ProjectLimits.MOST_WEIGHT) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a weight is from 1 to " + ProjectLimits.MOST_WEIGHT + ", and not " + weight);
        }
        if (!catalog.access().weigh(token, weight)) {
            throw unknownToken(token);
        }
    }

    private static ContreeException unknownToken(UUID token) {
        return new ContreeException(
                ErrorCode.NOT_FOUND, "There is no token " + token + "; contree tokens list shows those that exist");
    }

    /** The tokens of one project, or of all, oldest first. */
    public List<TokenRow> tokens(Optional<String> project) {
        Optional<UUID> only = project.map(name -> find(Optional.of(name)).uuid());
        return catalog.access().tokens().stream()
                .filter(token -> only.map(token.caller().project()::equals).orElse(true))
                .map(Administration::row)
                .toList();
    }

    private static TokenRow row(TokenRecord token) {
        return new TokenRow(
                token.caller().token(),
                token.caller().project(),
                token.caller().permissions().stream()
                        .sorted()
                        .map(Permission::wire)
                        .collect(Collectors.toCollection(java.util.LinkedHashSet::new)),
                token.caller().expiresAt().orElse(null),
                token.createdAt(),
                token.caller().weight());
    }

    /** The token is unknown from the next request on. NOT_FOUND if it already was. */
    public void revokeToken(UUID token) {
        if (!catalog.access().revoke(token)) {
            throw unknownToken(token);
        }
    }

    /** Oldest first; tokens and tags belong to the first unless told otherwise. */
    public List<ProjectRow> projects() {
        catalog.projects().firstProject(Instant.now());
        return catalog.access().projects().stream().map(ProjectRow::of).toList();
    }

    /** Makes a project. CONFLICT if the name is taken. */
    public ProjectRow createProject(String name, LimitChange limits) {
        if (!TagName.isValid(name)) {
            throw new ContreeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "\"" + name + "\" is not a project name: use letters, digits, _ - . such as team-1");
        }
        catalog.projects().firstProject(Instant.now());
        Project project = new Project(UUID.randomUUID(), name, limits.on(ProjectLimits.NONE), Instant.now());
        if (!catalog.access().recordProject(project)) {
            throw new ContreeException(ErrorCode.CONFLICT, "There is already a project \"" + name + "\"");
        }
        return ProjectRow.of(project);
    }

    /** Changes limits of a project and returns it with all of them. */
    public ProjectRow limit(String project, LimitChange change) {
        Project old = find(Optional.of(project));
        ProjectLimits limits = change.on(old.limits());
        catalog.access().limit(old.uuid(), limits);
        return ProjectRow.of(new Project(old.uuid(), old.name(), limits, old.retention(), old.createdAt()));
    }

    /**
     * Says what a project keeps from the next round on.
     *
     * @param words as {@link Retention} has them; empty for what the server says
     */
    public ProjectRow retain(String project, Optional<String> words) {
        Project old = find(Optional.of(project));
        Optional<String> rules;
        try {
            rules = words.map(Retention::parse).map(Retention::toString);
        } catch (IllegalArgumentException e) {
            throw new ContreeException(ErrorCode.INVALID_ARGUMENT, String.valueOf(e.getMessage()), e);
        }
        catalog.access().retain(old.uuid(), rules);
        return ProjectRow.of(new Project(old.uuid(), old.name(), old.limits(), rules, old.createdAt()));
    }

    private Project find(Optional<String> project) {
        UUID first = catalog.projects().firstProject(Instant.now());
        String wanted = project.orElse(first.toString());
        return catalog.access().projects().stream()
                .filter(known ->
                        known.name().equals(wanted) || known.uuid().toString().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.NOT_FOUND,
                        "There is no project \"" + wanted + "\"; contree projects list shows those that exist"));
    }

    /** Lets every project see the image of a tag, under that tag. Returns the image. */
    public UUID publish(Optional<String> project, String tag) {
        return catalog.access()
                .publish(find(project).uuid(), tag, Instant.now())
                .orElseThrow(() -> new ContreeException(
                        ErrorCode.NOT_FOUND,
                        "the project has no tag \"" + tag + "\"; tag an image first, or name another with --project"));
    }

    /** Withdraws a public tag; images that others made from it stay theirs. */
    public void unpublish(String tag) {
        if (!catalog.access().unpublish(tag)) {
            throw new ContreeException(ErrorCode.NOT_FOUND, "no image is public as \"" + tag + "\"");
        }
    }

    @Override
    public void close() {
        catalog.close();
    }
}
