package io.contree.engine;

import io.contree.api.InstanceResult;
import io.contree.api.ProcessRequest;
import io.contree.api.Stdin;
import java.util.UUID;

/**
 * Processes in the sandbox of a running instance, by their spid: 1 is the main one, 2 and up are those that callers add. They
 * change the same file system, and end with the main one. To change something needs the permission that the run itself
 * needed.
 *
 * <p>Every method fails with NOT_FOUND for an unknown operation. Those that need the sandbox wait for it while the operation is
 * being prepared, and fail with TOO_EARLY, having done nothing, if it still waits for its turn.
 */
public interface Subprocesses {
    /**
     * Starts a process. When this returns its spid, 2 or more and greater than all before it, it is running and its
     * {@code spawn} event is in the log.
     *
     * @throws io.contree.api.ContreeException INVALID_ARGUMENT for a bad request and for a program that cannot be started, whose
     *     spid is then left out, CONFLICT if the operation is an import, has ended, or has had more processes than its
     *     log can tell of, TOO_MANY_REQUESTS if processes have yet to read megabytes of input, TIMEOUT if nobody
     *     knows whether it started
     */
    int create(Caller caller, UUID operation, ProcessRequest request) throws InterruptedException;

    /**
     * What a process did, from the events of the log, even after its operation ended; exit code and signal are both -1
     * while it runs. NOT_FOUND if no such process ever started, TOO_EARLY if it is the main one and has yet to.
     */
    InstanceResult get(Caller caller, UUID operation, int spid);

    /**
     * Sends a signal to the process group of a process. When the main one ends, so does the run, and its state is kept.
     *
     * @param signal 1 to 64
     * @throws io.contree.api.ContreeException NOT_FOUND if it is not alive, CONFLICT if the operation is an import or
     *     has ended
     */
    void kill(Caller caller, UUID operation, int spid, int signal) throws InterruptedException;

    /**
     * Writes to the standard input of a process that was started with {@code close} false, and closes it if told to.
     *
     * @throws io.contree.api.ContreeException NOT_FOUND if it is not alive, CONFLICT if its input is closed or the
     *     operation is an import, GONE if the operation has ended, TOO_MANY_REQUESTS, having done nothing, if too much
     *     waits to be read already, TIMEOUT if the process did not take it in time: if there is a
     *     {@code retryAfter}, as there always is up to 64 KiB, nothing arrived and it may be sent again, else a part
     *     did
     */
    void writeStdin(Caller caller, UUID operation, int spid, Stdin stdin) throws InterruptedException;
}
