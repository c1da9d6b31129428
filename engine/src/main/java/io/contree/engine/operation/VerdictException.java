package io.contree.engine.operation;

/** Unwinds the work of an operation that got a verdict. */
public final class VerdictException extends RuntimeException {
    public VerdictException() {
        super("the operation was ended from outside", null, false, false);
    }
}
