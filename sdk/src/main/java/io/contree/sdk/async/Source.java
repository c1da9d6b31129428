package io.contree.sdk.async;

import java.util.Iterator;
import java.util.function.Function;

/** What a publisher reads, by waiting. Used by one thread at a time. */
interface Source<T> extends Iterator<T>, AutoCloseable {
    @Override
    void close();

    static <S, T> Source<T> of(Iterator<S> elements, Function<? super S, ? extends T> twin, Runnable close) {
        return new Source<>() {
            @Override
            public boolean hasNext() {
                return elements.hasNext();
            }

            @Override
            public T next() {
                return twin.apply(elements.next());
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }
}
