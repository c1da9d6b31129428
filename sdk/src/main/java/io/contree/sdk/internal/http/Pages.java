package io.contree.sdk.internal.http;

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
public final class Pages<T> implements Iterator<T> {
    private static final int PAGE = 100;

    /** Asks for one page. */
    public interface Fetch<T> {
        List<T> page(int limit, long offset);
    }

    private final Fetch<T> fetch;
    private final int size;
    private final Queue<T> page = new ArrayDeque<>();
    private long offset;
    private boolean last;

    private Pages(Fetch<T> fetch, long limit) {
        this.fetch = fetch;
        this.size = (int) Math.min(PAGE, limit);
    }

    /** Up to {@code limit} entries. */
    public static <T> Stream<T> stream(long limit, Fetch<T> fetch) {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(
                                new Pages<>(fetch, limit), Spliterator.ORDERED | Spliterator.NONNULL),
                        false)
                .limit(limit);
    }

    @Override
    public boolean hasNext() {
        if (page.isEmpty() && !last) {
            page.addAll(fetch.page(size, offset));
            offset += page.size();
            last = page.size() < size;
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
