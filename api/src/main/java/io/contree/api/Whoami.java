package io.contree.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a token is and may do ({@code GET /v1/whoami}); {@code tokenExpiration} in Unix seconds, JSON null if never;
 * {@code runtimes} are the names that a run may ask for, first the usual one; {@code retention} is what the project keeps, in words such as {@code images=30d/10000/100GiB,logs=7d}, or {@code none}.
 */
public record Whoami(
        UUID tokenUuid,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Long tokenExpiration,
        Map<String, Boolean> permissions,
        Map<String, Long> limits,
        Map<String, Long> operationsStat,
        @Nullable List<String> runtimes,
        @Nullable String retention) {}
