package io.contree.sdk;

/** Follows the progress of an import. */
public interface ImportListener {
    /** {@code done} of {@code total} bytes of one step, such as a layer; -1 where unknown. */
    void step(String step, long done, long total);

    /** Something of the source was left out or changed, such as an attribute that Linux does not keep; the import goes on. */
    default void warning(String message) {}
}
