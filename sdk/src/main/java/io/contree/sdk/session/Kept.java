package io.contree.sdk.session;

import io.contree.sdk.Image;
import io.contree.sdk.SessionException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A store that is never empty: a session that has an image to begin with begins when it is first looked at. */
record Kept(SessionStore store, @Nullable Image origin) {
    SessionState state() {
        Optional<SessionState> state = store.load();
        if (state.isPresent()) {
            return state.get();
        }
        if (origin == null) {
            throw new SessionException(
                    "there is no session to resume in this store; begin one with image.session(store)");
        }
        SessionState first = SessionState.begin(origin.uuid());
        return store.update(now -> now.orElse(first));
    }

    SessionState update(UnaryOperator<SessionState> change) {
        SessionState known = state();
        return store.update(now -> change.apply(now.orElse(known)));
    }
}
