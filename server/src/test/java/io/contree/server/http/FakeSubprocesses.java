package io.contree.server.http;

import io.contree.api.ContreeException;
import io.contree.api.InstanceResult;
import io.contree.api.ProcessRequest;
import io.contree.api.Stdin;
import io.contree.api.StreamRepr;
import io.contree.engine.Caller;
import io.contree.engine.Subprocesses;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Records what it is asked to do, or refuses all of it. */
final class FakeSubprocesses implements Subprocesses {
    final List<ProcessRequest> created = new CopyOnWriteArrayList<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile @Nullable ContreeException refusal;
    private final FakeOperations operations;

    FakeSubprocesses(FakeOperations operations) {
        this.operations = operations;
    }

    private void admit(Caller caller, UUID operation) {
        operations.require(caller, operation);
        if (refusal != null) {
            throw refusal;
        }
    }

    @Override
    public int create(Caller caller, UUID operation, ProcessRequest request) {
        admit(caller, operation);
        created.add(request);
        return created.size() + 1;
    }

    @Override
    public InstanceResult get(Caller caller, UUID operation, int spid) {
        admit(caller, operation);
        StreamRepr none = StreamRepr.of(new byte[0], false);
        return new InstanceResult(
                none,
                none,
                new InstanceResult.State(-1, 15, spid, false, false, false, false),
                new InstanceResult.Resources(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                null);
    }

    @Override
    public void kill(Caller caller, UUID operation, int spid, int signal) {
        admit(caller, operation);
        calls.add("kill " + spid + " " + signal);
    }

    @Override
    public void writeStdin(Caller caller, UUID operation, int spid, Stdin stdin) {
        admit(caller, operation);
        calls.add("write " + spid + " " + stdin.bytes().length + " " + stdin.close());
    }
}
