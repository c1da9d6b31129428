package io.contree.engine.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.LineagePage;
import io.contree.api.LineageStep;
import io.contree.api.OperationKind;
import io.contree.engine.OperationCatalog;
import io.contree.engine.OperationRecord;
import io.contree.engine.ProjectCatalog;
import io.contree.engine.Samples;
import io.contree.engine.history.LineageRequest.Direction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every catalog tells of lineage. Each subclass says how to open one. */
public abstract class LineageSuite {
    private static final Instant LATER = Samples.THEN.plusSeconds(1000);

    private final UUID mine = UUID.randomUUID();
    private final UUID base = UUID.randomUUID();
    private int second;

    protected abstract OperationCatalog operations();

    /** The projects of the same catalog. */
    protected abstract ProjectCatalog projects();

    private Instant tick() {
        return Samples.THEN.plusSeconds(++second);
    }

    private UUID importBase() {
        OperationRecord load = Samples.load(mine, tick());
        operations().accept(load);
        operations().finish(load.uuid(), Samples.importedAs(base, "base", tick()));
        return load.uuid();
    }

    private UUID run(UUID project, UUID input, UUID output) {
        OperationRecord run = Samples.run(project, input, tick());
        operations().accept(run);
        assertThat(operations().finish(run.uuid(), Samples.success(output, tick())))
                .isTrue();
        return run.uuid();
    }

    private UUID after(UUID input) {
        UUID output = UUID.randomUUID();
        run(mine, input, output);
        return output;
    }

    private LineagePage page(UUID image, Direction direction, boolean first, int depth, int limit) {
        return page(image, direction, first, depth, limit, LineagePosition.start(LATER));
    }

    private LineagePage page(
            UUID image, Direction direction, boolean first, int depth, int limit, LineagePosition from) {
        return projects().lineage(mine, new LineageRequest(image, direction, first, depth, limit, from));
    }

    private List<LineageStep> ancestors(UUID image) {
        return page(image, Direction.ANCESTORS, false, 100, 1000).steps();
    }

    private List<LineageStep> descendants(UUID image) {
        return page(image, Direction.DESCENDANTS, false, 100, 1000).steps();
    }

    private static List<UUID> outputs(List<LineageStep> steps) {
        return steps.stream().map(LineageStep::outputImage).toList();
    }

    @Test
    void ancestorsEndWithTheImportThatTheyBeganWith() {
        UUID load = importBase();
        UUID first = after(base);
        UUID second = after(first);

        List<LineageStep> steps = ancestors(second);
        assertThat(outputs(steps)).containsExactly(second, first, base);
        assertThat(steps).extracting(LineageStep::depth).containsExactly(1, 2, 3);
        assertThat(steps).extracting(LineageStep::first).containsOnly(true);
        assertThat(steps.getFirst().inputImage()).isEqualTo(first);
        assertThat(steps.getFirst().kind()).isEqualTo(OperationKind.INSTANCE);
        assertThat(steps.getFirst().command()).isEqualTo("true");
        LineageStep begin = steps.getLast();
        assertThat(begin.inputImage()).isNull();
        assertThat(begin.command()).isNull();
        assertThat(begin.operationUuid()).isEqualTo(load);
        assertThat(begin.kind()).isEqualTo(OperationKind.IMAGE_IMPORT);
    }

    @Test
    void descendantsComeByDepthAndTheNewestFirst() {
        importBase();
        UUID left = after(base);
        UUID right = after(base);
        UUID leftmost = after(left);
        UUID rightmost = after(right);

        List<LineageStep> steps = descendants(base);
        assertThat(outputs(steps)).containsExactly(right, left, rightmost, leftmost);
        assertThat(steps).extracting(LineageStep::depth).containsExactly(1, 1, 2, 2);
        assertThat(outputs(page(base, Direction.DESCENDANTS, false, 1, 1000).steps()))
                .containsExactly(right, left);
        assertThat(descendants(leftmost)).isEmpty();
    }

    @Test
    void aRunThatLedBackEndsNothingAndRepeatsNothing() {
        importBase();
        UUID changed = after(base);
        UUID back = run(mine, changed, base);

        assertThat(ancestors(changed)).extracting(LineageStep::depth).containsExactly(1, 2, 2);
        assertThat(ancestors(base)).extracting(LineageStep::operationUuid).contains(back);
        assertThat(descendants(base)).extracting(LineageStep::depth).containsExactly(1, 2);
        assertThat(descendants(base)).extracting(LineageStep::first).containsExactly(true, false);
        assertThat(outputs(page(changed, Direction.ANCESTORS, true, 100, 1000).steps()))
                .containsExactly(changed, base);
    }

    @Test
    void everyRunThatReachedAStateIsTold() {
        importBase();
        UUID other = after(base);
        UUID image = UUID.randomUUID();
        UUID first = run(mine, base, image);
        UUID again = run(mine, other, image);

        List<LineageStep> near =
                page(image, Direction.ANCESTORS, false, 1, 1000).steps();
        assertThat(near).extracting(LineageStep::operationUuid).containsExactly(again, first);
        assertThat(near).extracting(LineageStep::first).containsExactly(false, true);
        assertThat(projects().ancestor(mine, image, 1)).isEqualTo(new Ancestor(base, 1));
        assertThat(page(base, Direction.DESCENDANTS, true, 100, 1000).steps())
                .extracting(LineageStep::operationUuid)
                .contains(first)
                .doesNotContain(again);
    }

    @Test
    void pagesTogetherAreTheWholeWhateverHappensBetweenThem() {
        importBase();
        for (int branch = 0; branch < 5; branch++) {
            after(after(base));
        }
        List<LineageStep> whole = descendants(base);
        List<LineageStep> paged = new ArrayList<>();
        LineagePage page = page(
                base, Direction.DESCENDANTS, false, 100, 3, LineagePosition.start(Samples.THEN.plusSeconds(second)));
        while (true) {
            paged.addAll(page.steps());
            if (page.nextCursor() == null) {
                break;
            }
            after(base);
            assertThat(page.steps()).hasSize(3);
            page = page(
                    base,
                    Direction.DESCENDANTS,
                    false,
                    100,
                    3,
                    LineagePosition.of(page.nextCursor()).orElseThrow());
        }
        assertThat(whole).hasSize(10);
        assertThat(paged).isEqualTo(whole);
    }

    @Test
    void aFullLastPageHasNoNext() {
        importBase();
        after(base);
        after(base);
        assertThat(page(base, Direction.DESCENDANTS, false, 100, 2).nextCursor())
                .isNull();
        assertThat(page(base, Direction.DESCENDANTS, false, 100, 1).nextCursor())
                .isNotNull();
    }

    @Test
    void anAncestorIsSoManyStepsBackOnTheRoadByWhichTheImageCame() {
        importBase();
        UUID first = after(base);
        UUID second = after(first);
        run(mine, second, first);

        assertThat(projects().ancestor(mine, second, 0)).isEqualTo(new Ancestor(second, 0));
        assertThat(projects().ancestor(mine, second, 2)).isEqualTo(new Ancestor(base, 2));
        assertThat(projects().ancestor(mine, second, 5)).isEqualTo(new Ancestor(base, 2));
        assertThat(projects().ancestor(mine, first, 1)).isEqualTo(new Ancestor(base, 1));
    }

    @Test
    void nobodySeesTheStepsOfAnotherProject() {
        importBase();
        run(UUID.randomUUID(), base, UUID.randomUUID());

        assertThat(descendants(base)).isEmpty();
        assertThat(ancestors(UUID.randomUUID())).isEmpty();
    }

    @Test
    void whatIsNoCursorIsRefused() {
        for (String wrong : List.of("", "x", "MSAy MSAy", "LTEgMg", "MQ")) {
            assertThat(LineagePosition.of(wrong)).as(wrong).isEmpty();
        }
    }
}
