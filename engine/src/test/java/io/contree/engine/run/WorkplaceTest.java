package io.contree.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.engine.FakeSandboxes;
import io.contree.engine.FakeStore;
import io.contree.sandbox.NetworkPolicy;
import io.contree.sandbox.SandboxException;
import io.contree.sandbox.SandboxSpec;
import io.contree.store.Commit;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WorkplaceTest {
    private final FakeStore store = new FakeStore();
    private final FakeSandboxes sandboxes = new FakeSandboxes(store);
    private final Workplace workplace = new Workplaces(store, sandboxes)
            .make(store.image(Map.of("/file", "text"), Map.of(), ""), "fake", new NetworkPolicy.None());

    private void start() throws InterruptedException {
        workplace.start("id", "host", new SandboxSpec.Limits(64 << 20, 1, 64, 1 << 20));
    }

    private void assertNothingIsLeft() {
        assertThat(sandboxes.running()).isZero();
        assertThat(store.openCheckouts()).isZero();
    }

    private Commit keep() {
        return workplace.keep(new TreeMap<>(), "", () -> {}, new FakeStore().hold());
    }

    @Test
    void whatIsKeptIsAnImageAndNothingElseIsLeft() throws InterruptedException {
        start();
        workplace.stop();
        workplace.stop();
        assertThat(store.image(keep().image().uuid())).isNotNull();

        workplace.close();
        workplace.close();
        assertNothingIsLeft();
    }

    @Test
    void nothingIsKeptWhileSomethingRuns() throws InterruptedException {
        assertThatThrownBy(this::keep).isInstanceOf(IllegalStateException.class);
        start();
        assertThatThrownBy(this::keep).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(this::start).isInstanceOf(IllegalStateException.class);

        workplace.close();
        assertNothingIsLeft();
        assertThatThrownBy(this::start).isInstanceOf(IllegalStateException.class);
        assertThat(store.commits()).isZero();
    }

    @Test
    void aSandboxThatDoesNotStartLeavesNothing() {
        sandboxes.beforeStart = () -> {
            throw new SandboxException(SandboxException.Kind.START, "refused");
        };
        assertThatThrownBy(this::start).isInstanceOf(SandboxException.class);
        workplace.kill();
        workplace.close();
        assertNothingIsLeft();
    }
}
