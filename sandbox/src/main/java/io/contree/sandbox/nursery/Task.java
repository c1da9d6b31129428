package io.contree.sandbox.nursery;

import io.contree.linux.Fd;
import io.contree.sandbox.nursery.Message.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a sandbox that waits is to become. The open files stay the caller's.
 *
 * @param root a detached mount
 * @param in standard input of its init
 * @param out standard output of its init
 * @param err where goes what fails on the way, and standard error of its init
 * @param covers mounts over files of the root
 */
public record Task(
        String hostname, long shmBytes, Fd root, Fd in, Fd out, Fd err, List<Cover> covers, Optional<Cable> cable) {
    /** A detached mount and where it goes: a path from the root, whose links are followed within it. */
    public record Cover(String path, Fd mount) {}

    byte[] toBytes() {
        Message message = new Message('T', 0);
        message.add(Kind.HOSTNAME, hostname);
        message.add(Kind.SHARED_MEMORY, shmBytes);
        covers.forEach(cover -> message.add(Kind.COVER, cover.path()));
        cable.ifPresent(laid -> message.add(Kind.CABLE, laid.toBytes()));
        return message.toBytes();
    }

    List<Fd> files() {
        List<Fd> files = new ArrayList<>(List.of(root, in, out, err));
        covers.forEach(cover -> files.add(cover.mount()));
        return files;
    }
}
