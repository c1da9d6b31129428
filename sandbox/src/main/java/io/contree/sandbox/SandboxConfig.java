package io.contree.sandbox;

import io.contree.linux.IdMapping;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of the sandboxes.
 *
 * @param runtime the OCI runtime's program: {@code crun}, {@code runsc} or another that speaks the OCI command line
 * @param state a directory of this server alone, for bundles and the runtime's state; what a killed predecessor left there
 *     is killed and removed on opening
 * @param mapping ids of the user namespace; empty runs without one
 */
public record SandboxConfig(String runtime, Path state, Optional<IdMapping> mapping) {}
