package io.contree.server.config;

/** A value of the right form that cannot be used on this machine; the message completes "setting X is 'V'; …". */
final class UnusableValueException extends IllegalArgumentException {
    UnusableValueException(String why) {
        super(why);
    }
}
