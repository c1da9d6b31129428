package io.contree.engine;

/** Unwinds the work of an operation that got a verdict. */
final class EndedException extends RuntimeException {
    EndedException() {
        super("the operation was ended from outside", null, false, false);
    }
}
