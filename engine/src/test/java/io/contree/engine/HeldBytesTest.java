package io.contree.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HeldBytesTest {
    private final HeldBytes memory = new HeldBytes(1000);
    private final UUID project = UUID.randomUUID();

    private void assertFull(HeldBytes.Hold hold, long bytes) {
        assertThatThrownBy(() -> hold.add(bytes)).isInstanceOfSatisfying(ContreeException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
            assertThat(e.retryAfter()).isPresent();
        });
    }

    @Test
    void aProjectHoldsAsMuchAsIsFree() {
        memory.open(project).add(400);
        HeldBytes.Hold second = memory.open(project);
        second.add(100);
        assertFull(second, 1);

        HeldBytes.Hold other = memory.open(UUID.randomUUID());
        other.add(250);
        assertFull(memory.open(project), 1);
        other.close();
        other.close();
        second.close();
        assertThatCode(() -> memory.open(project).add(100)).doesNotThrowAnyException();
    }

    @Test
    void whatOneRequestNeedsIsAlwaysLetIn() {
        HeldBytes.Hold first = memory.open(project);
        first.add(800);
        first.add(800);
        assertFull(memory.open(project), 1);
        memory.open(UUID.randomUUID()).add(900);
        first.close();
        assertThatCode(() -> memory.open(project).add(5000)).doesNotThrowAnyException();
    }
}
