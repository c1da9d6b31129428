package io.contree.linux;

import java.io.IOException;

/** A user namespace with a mapping, held open by descriptor, for id-mapped mounts. */
public final class UserNamespace implements AutoCloseable {
    private final IdMapping mapping;
    private final Fd fd;

    UserNamespace(IdMapping mapping, Fd fd) {
        this.mapping = mapping;
        this.fd = fd;
    }

    /** Makes a namespace: a short-lived child unshares it, this process writes its maps and keeps a descriptor. */
    public static UserNamespace create(IdMapping mapping) throws IOException {
        throw new UnsupportedOperationException();
    }

    public IdMapping mapping() {
        return mapping;
    }

    Fd fd() {
        return fd;
    }

    @Override
    public void close() {
        fd.close();
    }
}
