package io.contree.engine.process;

import io.contree.sandbox.SandboxProcess;

/** A process that was spawned in a sandbox, as the engine reaches it. */
public record LiveProcess(SandboxProcess process, ProcessRecorder recorder, ProcessInput input) {}
