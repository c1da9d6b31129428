package io.contree.sandbox;

import java.io.IOException;

/** Init, or whoever speaks in its place, broke the protocol; the sandbox is beyond use. */
final class BrokenFrameException extends IOException {
    BrokenFrameException(String message) {
        super(message);
    }
}
