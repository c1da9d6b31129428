package io.contree.engine.operation;

/** Unwinds the work of an operation that got a verdict. */
public final class EndedException extends RuntimeException {
    public EndedException() {
        super("the operation was ended from outside", null, false, false);
    }
}
