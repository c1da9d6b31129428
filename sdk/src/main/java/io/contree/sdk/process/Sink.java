package io.contree.sdk.process;

import java.io.IOException;

/** Takes the output of a process as it comes. Never waits for whoever reads it. */
interface Sink {
    void write(byte[] bytes);

    /** What comes is not everything. */
    void incomplete(IOException why);

    /** Nothing more comes; may be said more than once. */
    void end();
}
