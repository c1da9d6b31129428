package io.contree.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import org.junit.jupiter.api.Test;

class UnreadInputTest {
    private final UnreadInput unread = new UnreadInput();

    @Test
    void oneMayBeAsLongAsItLikesAndMoreTogetherMayNot() {
        unread.hold(UnreadInput.MOST * 4);

        assertThatThrownBy(() -> unread.hold(1)).isInstanceOfSatisfying(ContreeException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
            assertThat(e.retryAfter()).isPresent();
        });
        unread.release(UnreadInput.MOST * 4);
        assertThatCode(() -> unread.hold(1)).doesNotThrowAnyException();
    }

    @Test
    void aRefusedOneHoldsNothing() {
        unread.hold(1);
        assertThatThrownBy(() -> unread.hold(UnreadInput.MOST)).isInstanceOf(ContreeException.class);

        assertThatCode(() -> unread.hold(UnreadInput.MOST - 1)).doesNotThrowAnyException();
    }
}
