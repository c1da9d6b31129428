package io.contree.api;

/** The six states of an operation; the last three are final. */
public enum OperationStatus {
    PENDING,
    ASSIGNED,
    EXECUTING,
    SUCCESS,
    FAILED,
    CANCELLED;

    public boolean isFinal() {
        return this == SUCCESS || this == FAILED || this == CANCELLED;
    }
}
