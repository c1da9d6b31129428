package io.contree.api;

/** Bytes for the standard input of a running process ({@code POST …/subprocesses/{spid}/stdin}). */
public record StdinWrite(Stdin stdin) {
    static StdinWrite parse(JsonFields fields) {
        if (!fields.has("value")) {
            throw fields.invalid("value", "what to write, or \"\" to close only");
        }
        return new StdinWrite(Stdin.parse(fields));
    }
}
