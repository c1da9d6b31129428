package io.contree.sandbox.nursery;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A message to the nursery or to a sandbox that waits, in the form of {@code wire.h}: a type, an id, and records. */
public final class Message {
    private static final int HEADER = 8;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Message(char type, int id) {
        bytes.writeBytes(integers(type, id));
    }

    /** The kinds of records, by the numbers of {@code wire.h}. */
    enum Kind {
        FILTER(1),
        MASKED(2),
        READ_ONLY(3),
        SETTING(4),
        HIERARCHY(5),
        OPEN_FILES(6),
        HOSTNAME(16),
        SHARED_MEMORY(17),
        COVER(18),
        CABLE(19);

        private final int number;

        Kind(int number) {
            this.number = number;
        }
    }

    Message add(Kind kind, byte[] data) {
        bytes.writeBytes(integers(kind.number, data.length));
        bytes.writeBytes(data);
        bytes.write(0);
        return this;
    }

    Message add(Kind kind, String text) {
        return add(kind, text.getBytes(StandardCharsets.UTF_8));
    }

    Message add(Kind kind, String name, String value) {
        return add(kind, name + "\0" + value);
    }

    Message add(Kind kind, long... numbers) {
        ByteBuffer data = ByteBuffer.allocate(Long.BYTES * numbers.length).order(ByteOrder.nativeOrder());
        for (long number : numbers) {
            data.putLong(number);
        }
        return add(kind, data.array());
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    private static byte[] integers(int first, int second) {
        return ByteBuffer.allocate(HEADER)
                .order(ByteOrder.nativeOrder())
                .putInt(first)
                .putInt(second)
                .array();
    }
}
