package io.contree.api;

import java.util.Arrays;

/**
 * Standard input of a process.
 *
 * @param value text, or Base64 when {@code encoding} says so
 * @param encoding how to read the value
 * @param close whether it ends after the value; if not, the stdin endpoint takes more of it
 */
public record Stdin(String value, Encoding encoding, boolean close) {
    /** Empty and closed. */
    public static final Stdin EMPTY = new Stdin("", Encoding.ASCII, true);

    private static final String BROKEN = "not Base64";
    private static final String BASE64 = "Base64, as 'encoding' says";

    /** @throws ContreeException INVALID_ARGUMENT if the encoding is Base64 and the value is not */
    public Stdin {
        try {
            encoding.decode(value);
        } catch (IllegalArgumentException e) {
            throw JsonFields.invalid("stdin.value", BROKEN, BASE64);
        }
    }

    /** What the process reads. */
    public byte[] bytes() {
        return encoding.decode(value);
    }

    /** Reads what clients send; messages never show its bytes. */
    static Stdin parse(JsonFields fields) {
        var node = fields.get("value");
        if (node != null && !(node.isString() && WireText.isUnicode(node.stringValue()))) {
            throw JsonFields.invalid(fields.at("value"), "of another type", "a string without lone surrogates");
        }
        String value = node == null ? "" : node.stringValue();
        Encoding encoding = encoding(fields);
        boolean close = fields.flag("close", true);
        try {
            return new Stdin(value, encoding, close);
        } catch (ContreeException e) {
            throw JsonFields.invalid(fields.at("value"), BROKEN, BASE64);
        }
    }

    private static Encoding encoding(JsonFields fields) {
        String name = fields.string("encoding").orElse(Encoding.ASCII.wire());
        return Arrays.stream(Encoding.values())
                .filter(encoding -> encoding.wire().equals(name))
                .findFirst()
                .orElseThrow(() -> fields.invalid("encoding", "\"ascii\" or \"base64\""));
    }
}
