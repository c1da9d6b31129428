package io.contree.sdk;

/** Receives the output of a run as it comes, in order, on the thread that follows it. */
public interface OutputListener {
    void stdout(byte[] bytes);

    void stderr(byte[] bytes);

    /** A stream ended after its limit: this many bytes of it were dropped. */
    default void truncated(String stream, long bytesDropped) {}
}
