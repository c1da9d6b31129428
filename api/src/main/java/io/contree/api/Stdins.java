package io.contree.api;

import java.util.Arrays;

/** Reads standard input as clients send it; messages never show its bytes. */
final class Stdins {
    private Stdins() {}

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
            throw JsonFields.invalid(fields.at("value"), Stdin.BROKEN, Stdin.BASE64);
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
