package io.contree.engine;

import io.contree.sandbox.SandboxProcess;

/** A process that was spawned in a sandbox, as the engine reaches it. */
record LiveProcess(SandboxProcess process, ProcessRecorder recorder, ProcessInput input) {}
