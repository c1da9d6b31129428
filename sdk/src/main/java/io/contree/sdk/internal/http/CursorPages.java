package io.contree.sdk.internal.http;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A list whose pages name the next one, as a lazy stream: a page is asked for when the one before is used up. */
public final class CursorPages<T> implements Iterator<T> {
    /**
     * A page.
     *
     * @param next the cursor of the one after it, if there is one
     */
    public record Page<T>(Iterable<T> entries, Optional<String> next) {}

    private final Function<Optional<String>, Page<T>> fetch;
    private final Queue<T> page = new ArrayDeque<>();
    private Optional<String> cursor = Optional.empty();
    private boolean last;

    private CursorPages(Function<Optional<String>, Page<T>> fetch) {
        this.fetch = fetch;
    }

    /** @param fetch asks for the page of a cursor, or for the first one */
    public static <T> Stream<T> stream(Function<Optional<String>, Page<T>> fetch) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(
                        new CursorPages<>(fetch), Spliterator.ORDERED | Spliterator.NONNULL),
                false);
    }

    @Override
    public boolean hasNext() {
        while (page.isEmpty() && !last) {
            Page<T> fetched = fetch.apply(cursor);
            fetched.entries().forEach(page::add);
            cursor = fetched.next();
            last = cursor.isEmpty();
        }
        return !page.isEmpty();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.remove();
    }
}
