package io.contree.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an operation's log; openapi.yaml has the data of each type.
 *
 * @param id strictly increasing from 0 within the operation
 * @param spid 0 the sandbox itself, 1 the main process, 2 and up subprocesses; left out on {@code completion}
 * @param type init, spawn, stdin, stdout, stderr, truncated, exit, size_cap, network, shutdown or completion; clients pass
 *     over others, such as oom and progress
 * @param data JSON values; null only where openapi.yaml says so
 */
public record OperationEvent(
        long id, Instant ts, @Nullable Integer spid, String type, Map<String, @Nullable Object> data) {}
