package io.contree.sdk.process;

import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Output that goes to a file of this machine. A full disk loses the rest of the output, and the log says so. */
final class FileSink implements Sink {
    private static final Logger log = LoggerFactory.getLogger(FileSink.class);

    private final OutputStream out;
    private final String name;
    private boolean broken;

    FileSink(OutputStream out, String name) {
        this.out = out;
        this.name = name;
    }

    @Override
    public void write(byte[] bytes) {
        if (broken) {
            return;
        }
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            broken = true;
            log.warn("Output of a process is lost: could not write to {}: {}", name, e.toString());
        }
    }

    @Override
    public void incomplete(IOException why) {
        log.warn("Output of a process in {} is not complete: {}", name, why.getMessage());
    }

    @Override
    public void end() {
        try {
            out.close();
        } catch (IOException e) {
            log.warn("Output of a process may be lost: could not close {}: {}", name, e.toString());
        }
    }
}
