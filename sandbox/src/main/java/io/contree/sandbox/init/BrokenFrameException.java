package io.contree.sandbox.init;

import java.io.IOException;

/** Init, or whoever speaks in its place, broke the protocol; the sandbox is beyond use. */
public final class BrokenFrameException extends IOException {
    BrokenFrameException(String message) {
        super(message);
    }
}
