package io.contree.catalog;

/** A database whose check found damage; the message says what. */
final class DamagedException extends RuntimeException {
    DamagedException(String message) {
        super(message);
    }
}
