package io.contree.sandbox;

import io.contree.linux.Stat;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file in {@code /etc} that belongs to a sandbox and not to its image. It is writable inside, as Docker users expect, and what
 * is written is gone with the sandbox.
 */
enum EtcFile {
    HOSTS("hosts"),
    HOSTNAME("hostname"),
    RESOLV_CONF("resolv.conf");

    private final String fileName;

    EtcFile(String fileName) {
        this.fileName = fileName;
    }

    String fileName() {
        return fileName;
    }

    String content(String hostname, String resolvConf) {
        return switch (this) {
            case HOSTS -> """
                127.0.0.1\tlocalhost
                127.0.1.1\t%s
                ::1\tlocalhost ip6-localhost ip6-loopback
                """.formatted(hostname);
            case HOSTNAME -> hostname + "\n";
            case RESOLV_CONF -> resolvConf;
        };
    }

    /**
     * True if the image has a regular file here, reached without any symbolic link. Only then is it covered: for anything
     * else the runtime would make a mount point in the image or follow the image's links.
     */
    boolean isRegularIn(Path root) throws IOException {
        return PlainPath.stat(root, "etc/" + fileName).filter(Stat::isRegular).isPresent();
    }
}
