package io.contree.sdk;

/** Hears how an import gets on. */
public interface ImportListener {
    /** {@code done} of {@code total} bytes of one step, such as a layer; -1 where unknown. */
    void step(String step, long done, long total);
}
