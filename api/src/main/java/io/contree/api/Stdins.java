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
        Stdin stdin = new Stdin(value, encoding(fields), fields.flag("close", true));
        try {
            stdin.bytes();
        } catch (IllegalArgumentException e) {
            throw JsonFields.invalid(fields.at("value"), "not Base64", "Base64, as 'encoding' says");
        }
        return stdin;
    }

    private static Encoding encoding(JsonFields fields) {
        String name = fields.string("encoding").orElse(Encoding.ASCII.wire());
        return Arrays.stream(Encoding.values())
                .filter(encoding -> encoding.wire().equals(name))
                .findFirst()
                .orElseThrow(() -> fields.invalid("encoding", "\"ascii\" or \"base64\""));
    }
}
