package io.contree.sdk.session;

import io.contree.sdk.SessionException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of a session: its steps, a tree; its branches, each pointing to a step. Immutable. A step that no
 * branch leads to is forgotten; its image stays on the server.
 *
 * @param current the branch that a resumed session is on
 * @param steps every step after its parent
 */
public record SessionState(String current, Map<String, Branch> branches, List<Step> steps) {
    static final String FIRST_BRANCH = "main";

    public SessionState {
        branches = Collections.unmodifiableMap(new LinkedHashMap<>(branches));
        steps = List.copyOf(steps);
        if (!branches.containsKey(current)) {
            throw new IllegalArgumentException("the current branch \"" + current + "\" is not among the branches");
        }
        Set<Integer> known = new HashSet<>(Set.of(-1));
        for (Step step : steps) {
            if (!known.contains(step.parent()) || !known.add(step.id())) {
                throw new IllegalArgumentException("step " + step.id() + " has no parent or comes twice");
            }
        }
        branches.forEach((name, branch) -> {
            if (branch.head() < 0 || !known.contains(branch.head())) {
                throw new IllegalArgumentException("branch \"" + Branch.checkedName(name) + "\" leads to no step");
            }
        });
    }

    static SessionState begin(UUID image) {
        return new SessionState(
                FIRST_BRANCH,
                Map.of(FIRST_BRANCH, new Branch(0, null)),
                List.of(new Step(0, -1, image, null, Instant.now())));
    }

    /** @throws SessionException if there is none of this name */
    Branch branch(String name) {
        Branch branch = branches.get(name);
        if (branch == null) {
            throw new SessionException(
                    "the session has no branch \"" + name + "\"; it has " + String.join(", ", branches.keySet()));
        }
        return branch;
    }

    /** The newest step of a branch. */
    Step head(String branch) {
        return step(branch(branch).head());
    }

    /** From the image that the session began with to the head of the branch. */
    List<Step> history(String branch) {
        List<Step> history = new ArrayList<>();
        Map<Integer, Step> byId = new LinkedHashMap<>();
        steps.forEach(step -> byId.put(step.id(), step));
        for (@Nullable Step step = byId.get(branch(branch).head()); step != null; step = byId.get(step.parent())) {
            history.add(step);
        }
        Collections.reverse(history);
        return Collections.unmodifiableList(history);
    }

    SessionState withCurrent(String branch) {
        branch(branch);
        return new SessionState(branch, branches, steps);
    }

    /** With the branch changed or made, and without the steps that no branch leads to any more. */
    SessionState withBranch(String name, Branch branch) {
        Map<String, Branch> changed = new LinkedHashMap<>(branches);
        changed.put(name, branch);
        return new SessionState(current, changed, reachable(changed, steps));
    }

    SessionState withoutBranch(String name) {
        branch(name);
        Map<String, Branch> fewer = new LinkedHashMap<>(branches);
        fewer.remove(name);
        return new SessionState(current, fewer, reachable(fewer, steps));
    }

    /** With the run that the branch waited for as its newest step; the same state if it does not wait for that run. */
    SessionState ended(String name, UUID operation, UUID image, int exitCode) {
        Branch branch = branches.get(name);
        if (branch == null || branch.atWork() == null || !branch.waitsFor(operation)) {
            return this;
        }
        int id = steps.get(steps.size() - 1).id() + 1;
        Step.Ran ran = new Step.Ran(operation, branch.atWork().commandLine(), exitCode);
        List<Step> more = new ArrayList<>(steps);
        more.add(new Step(id, branch.head(), image, ran, branch.atWork().since()));
        Map<String, Branch> moved = new LinkedHashMap<>(branches);
        moved.put(name, new Branch(id, null));
        return new SessionState(current, moved, more);
    }

    /** With the branch as it was before that run; the same state if it does not wait for it. */
    SessionState givenUp(String name, UUID operation) {
        Branch branch = branches.get(name);
        return branch == null || !branch.waitsFor(operation) ? this : withBranch(name, new Branch(branch.head(), null));
    }

    private Step step(int id) {
        return steps.stream().filter(step -> step.id() == id).findFirst().orElseThrow();
    }

    private static List<Step> reachable(Map<String, Branch> branches, List<Step> steps) {
        Set<Integer> wanted = new HashSet<>();
        branches.values().forEach(branch -> wanted.add(branch.head()));
        List<Step> kept = new ArrayList<>();
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.get(i);
            if (wanted.contains(step.id())) {
                wanted.add(step.parent());
                kept.add(step);
            }
        }
        Collections.reverse(kept);
        return kept;
    }
}
