package io.contree.sdk;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A list of the server as a lazy stream: a page is asked for when the one before is used up. */
final class Pages<T> implements Iterator<T> {
    private static final int PAGE = 100;

    /** Asks for one page. */
    interface Fetch<T> {
        List<T> page(int limit, long offset);
    }

    private final Fetch<T> fetch;
    private final Queue<T> page = new ArrayDeque<>();
    private long offset;
    private boolean last;

    private Pages(Fetch<T> fetch) {
        this.fetch = fetch;
    }

    static <T> Stream<T> stream(Fetch<T> fetch) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(new Pages<>(fetch), Spliterator.ORDERED | Spliterator.NONNULL),
                false);
    }

    @Override
    public boolean hasNext() {
        if (page.isEmpty() && !last) {
            page.addAll(fetch.page(PAGE, offset));
            offset += page.size();
            last = page.size() < PAGE;
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
