package io.contree.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Who may use a server: what its operator records, within a running one or beside it; it holds from the next request
 * on. Every method that records is atomic, and durable on return. Safe for use by several threads and processes.
 */
public interface AccessCatalog {
    /** A tenant; its name is unique. What it keeps is in the words of {@link io.contree.engine.retention.Retention}, if it has its own. */
    record Project(UUID uuid, String name, ProjectLimits limits, Optional<String> retention, Instant createdAt) {
        /** A new one, without rules of its own. */
        public Project(UUID uuid, String name, ProjectLimits limits, Instant createdAt) {
            this(uuid, name, limits, Optional.empty(), createdAt);
        }
    }

    /** False, with nothing recorded, if there is one of this name; what it keeps is what the server says. */
    boolean recordProject(Project project);

    /** The oldest first. */
    List<Project> projects();

    /** Replaces the limits of a project; false if it is unknown. */
    boolean limit(UUID project, ProjectLimits limits);

    /** What a project keeps from now on, in words; empty for what the server says. False if it is unknown. */
    boolean retain(UUID project, Optional<String> retention);

    /** Those of all projects, the oldest first. */
    List<ProjectCatalog.TokenRecord> tokens();

    /** Gives a token another weight among those of its project; false if it is unknown. */
    boolean weigh(UUID token, int weight);

    /** Forgets a token; false if it is unknown. */
    boolean revoke(UUID token);

    /**
     * Makes the image of a project's tag visible to every project under this tag, in place of what was public under it. A
     * project's own tag of that name goes first.
     *
     * @return the image; empty, with nothing recorded, if the project has no such tag
     */
    Optional<UUID> publish(UUID project, String tag, Instant now);

    /** Takes a public tag back; false if there is none. Images that projects reached or tagged meanwhile stay theirs. */
    boolean unpublish(String tag);
}
