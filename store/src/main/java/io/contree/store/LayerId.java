package io.contree.store;

import java.util.UUID;

/** Names one layer of this data directory. Random: a layer's name says nothing about its content. */
public record LayerId(UUID value) {
    public static LayerId random() {
        return new LayerId(UUID.randomUUID());
    }

    public static LayerId parse(String text) {
        return new LayerId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
